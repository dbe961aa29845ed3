//! Who calls: passwords, tokens and the keys behind them.

pub mod authenticate;
pub mod keys;
pub mod master;
pub mod password;
pub mod refresh;
pub mod secrets;
pub mod throttle;
pub mod token;
