//! HTTP in, HTTP out: the only crate that knows requests, the command line and the settings.

pub mod auth;
pub mod call;
pub mod cli;
pub mod config;
pub mod demo;
pub mod diagrams;
mod files;
pub mod founding;
pub mod http;
pub mod jobs;
mod manuals;
pub mod openapi;
mod record;
pub mod renderings;
pub mod routes;
pub mod spec;
pub mod startup;
pub mod state;
pub mod telemetry;
mod trail;
pub mod turns;
mod work;
