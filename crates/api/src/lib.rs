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
pub mod openapi;
mod record;
pub mod routes;
pub mod spec;
pub mod startup;
pub mod state;
pub mod telemetry;
mod trail;
mod work;
