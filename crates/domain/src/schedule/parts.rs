//! The parts of a recurrence rule that list numbers or days of the week, each within its range.

use super::recurrence::{BadRule, bad};

/// Parts that list numbers: the largest, and whether negative ones count from the end.
const NUMBERS: [(&str, u32, bool); 5] = [
    ("BYMONTH", 12, false),
    ("BYMONTHDAY", 31, true),
    ("BYYEARDAY", 366, true),
    ("BYWEEKNO", 53, true),
    ("BYSETPOS", 366, true),
];
const DAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
/// A year has no more weeks.
const MOST_WEEKS: u32 = 53;

/// Refuses a part that lists something else than it may.
pub(super) fn check_lists(parts: &[(&str, &str)]) -> Result<(), BadRule> {
    for (name, value) in parts {
        if let Some((_, most, negative)) = NUMBERS.iter().find(|(known, ..)| known == name) {
            let fits = |item: &str| is_number(item, *most, *negative);
            if !value.split(',').all(fits) {
                let from_the_end = if *negative {
                    format!(", or from -1 to -{most} counted from the end")
                } else {
                    String::new()
                };
                return Err(bad(format!(
                    "`{name}` lists numbers from 1 to {most}{from_the_end}, with commas between them."
                )));
            }
        }
        if *name == "BYDAY" && !value.split(',').all(is_day) {
            return Err(bad(
                "`BYDAY` lists days of the week (`MO`, `TU`, `WE`, `TH`, `FR`, `SA`, `SU`), with commas between them; `1MO` is the \
                 first Monday and `-1FR` the last Friday of the month or year.",
            ));
        }
        if *name == "WKST" && !DAYS.contains(value) {
            return Err(bad(
                "`WKST` is the day on which weeks begin: `MO`, `TU`, `WE`, `TH`, `FR`, `SA` or `SU`.",
            ));
        }
    }
    Ok(())
}

fn is_number(item: &str, most: u32, negative: bool) -> bool {
    let number = item.parse::<i32>().ok();
    number.is_some_and(|it| (1..=most).contains(&it.unsigned_abs()) && (negative || it > 0))
}

fn is_day(item: &str) -> bool {
    let Some(numbered) = DAYS.iter().find_map(|day| item.strip_suffix(day)) else {
        return false;
    };
    numbered.is_empty() || is_number(numbered, MOST_WEEKS, true)
}
