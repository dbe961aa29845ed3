//! What goes wrong at the worst moment: nothing is lost, nothing is half done, nothing is done twice.

mod account;
mod bench;
mod jobs;
mod kills;
mod scene;
mod statements;
