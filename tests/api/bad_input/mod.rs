//! What every operation of the document does with a request that is wrong. An operation that is added is tried as well.

mod bodies;
mod headers;
mod parameters;
mod tokens;
