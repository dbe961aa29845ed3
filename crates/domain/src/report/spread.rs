//! What is told of many durations: exact figures, in whole seconds.

/// How long something takes, told by its middle and its upper end.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spread {
    /// How many durations it is about.
    pub count: u64,
    /// The middle one; of an even number of them the mean of the two in the middle, rounded down. None without any.
    pub median: Option<u64>,
    /// The smallest of them that at least nine in ten do not exceed (nearest rank, so that it is one of them). None without any.
    pub p90: Option<u64>,
    /// The longest. None without any.
    pub longest: Option<u64>,
}

impl Spread {
    /// Of these durations in seconds, in whatever order.
    #[must_use]
    pub fn of(mut seconds: Vec<u64>) -> Self {
        seconds.sort_unstable();
        Self {
            count: u64::try_from(seconds.len()).unwrap_or(u64::MAX),
            median: median(&seconds),
            p90: nearest_rank(&seconds, 9, 10),
            longest: seconds.last().copied(),
        }
    }
}

fn median(sorted: &[u64]) -> Option<u64> {
    let upper = *sorted.get(sorted.len() / 2)?;
    if sorted.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = *sorted.get(sorted.len() / 2 - 1)?;
    Some(lower + (upper - lower) / 2)
}

/// The smallest value that at least this share of all do not exceed.
fn nearest_rank(sorted: &[u64], parts: usize, of: usize) -> Option<u64> {
    let rank = (sorted.len() * parts).div_ceil(of);
    sorted.get(rank.checked_sub(1)?).copied()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn figures(seconds: impl IntoIterator<Item = u64>) -> (u64, u64, u64, u64) {
        let spread = Spread::of(seconds.into_iter().collect());
        let told = |figure: Option<u64>| figure.unwrap();
        (
            spread.count,
            told(spread.median),
            told(spread.p90),
            told(spread.longest),
        )
    }

    /// F5
    #[test]
    fn of_nothing_there_is_nothing_to_tell() {
        assert_eq!(Spread::of(Vec::new()), Spread::default());
        assert_eq!(Spread::default().median, None, "and not nought");
    }

    /// F5
    #[test]
    fn the_median_of_an_even_number_lies_between_the_two_in_the_middle() {
        assert_eq!(figures([7]), (1, 7, 7, 7));
        assert_eq!(figures([10, 20]), (2, 15, 20, 20));
        assert_eq!(figures([10, 21]).1, 15, "rounded down");
        assert_eq!(figures([3, 1, 2]).1, 2);
        assert_eq!(figures([4, 1, 3, 100]).1, 3);
        let longest = u64::MAX;
        assert_eq!(figures([longest, longest]).1, longest);
    }

    /// F5: nearest rank, so that the figure is one of the durations.
    #[test]
    fn nine_in_ten_are_no_longer_than_the_ninetieth_percentile() {
        assert_eq!(figures(1..=9).2, 9);
        assert_eq!(figures(1..=10).2, 9);
        assert_eq!(figures(1..=11).2, 10);
        assert_eq!(figures(1..=100).2, 90);
        assert_eq!(figures(1..=101).2, 91);
    }

    proptest! {
        /// F5
        #[test]
        fn figures_are_what_their_definitions_say(mut seconds in prop::collection::vec(0..1_000_u64, 1..60)) {
            let spread = Spread::of(seconds.clone());
            let (median, p90) = (spread.median.unwrap(), spread.p90.unwrap());
            let none_longer = |than: u64| seconds.iter().filter(|one| **one <= than).count();
            let shorter = |than: u64| seconds.iter().filter(|one| **one < than).count();
            prop_assert!(none_longer(median) * 2 >= seconds.len());
            prop_assert!(shorter(median) * 2 <= seconds.len());
            prop_assert!(none_longer(p90) * 10 >= seconds.len() * 9);
            prop_assert!(shorter(p90) * 10 < seconds.len() * 9);
            prop_assert!(seconds.contains(&p90));
            prop_assert_eq!(spread.longest, seconds.iter().max().copied());
            prop_assert!(median <= p90);
            seconds.reverse();
            prop_assert_eq!(Spread::of(seconds), spread);
        }
    }
}
