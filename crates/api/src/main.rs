//! The one binary.

use std::process::ExitCode;

// Gives memory back within seconds of a peak (each sign-in takes 19 MiB for a moment); see ADR 12.
#[cfg(not(target_env = "msvc"))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    api::cli::run()
}
