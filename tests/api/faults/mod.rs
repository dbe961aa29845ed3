//! What goes wrong at the worst moment: nothing is lost, nothing is half done, nothing is done twice.

mod bench;
mod jobs;
mod scene;
mod statements;
