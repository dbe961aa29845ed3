//! The pill of a start or an end: a sign with its name beside it.

use crate::{
    fonts::Weight,
    graph::Size,
    text::{balanced, widest},
};

/// What a start is called.
pub(crate) const START: &str = "Start";
/// What stands before the name of a result that is set on the way.
pub(crate) const RESULT: &str = "Result:";
/// The width and height of the sign.
pub(crate) const SIGN: i32 = 30;
/// How a pill's name is set.
pub(crate) const TEXT: i32 = 12;
pub(crate) const LEADING: i32 = 15;
const ROOM: i32 = 116;

/// The lines of a name.
pub(crate) fn lines(label: &str) -> Vec<String> {
    balanced(label, ROOM, TEXT, Weight::SemiBold)
}

pub(crate) fn size(label: &str) -> Size {
    let lines = lines(label);
    let height = i32::try_from(lines.len()).unwrap_or(i32::MAX) * LEADING + 10;
    let width = SIGN + widest(&lines, TEXT, Weight::SemiBold) + 14;
    Size {
        width: width + width % 2,
        height: SIGN.max(height + height % 2),
    }
}
