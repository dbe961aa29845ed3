//! Keyset pages: the place of the last row seen is the cursor.

/// What the caller asked for.
#[derive(Debug, Clone)]
pub struct PageRequest<K> {
    /// Return items after this place.
    pub after: Option<K>,
    /// How many at most, 1 to 200.
    pub limit: u32,
    /// Whether to count what all pages have.
    pub count: bool,
}

/// No list is counted further than this.
pub const COUNTED: u64 = 10_001;

/// How many items all pages of a list have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Total {
    /// So many, at most [`COUNTED`].
    pub items: u64,
    /// Counting ended there: there may be more.
    pub is_lower_bound: bool,
}

impl Total {
    /// What was counted, no further than to [`COUNTED`].
    #[must_use]
    pub fn of(counted: u64) -> Self {
        Self {
            items: counted.min(COUNTED),
            is_lower_bound: counted >= COUNTED,
        }
    }

    /// The length of a list that is in memory.
    #[must_use]
    pub fn of_length(length: usize) -> Self {
        Self::of(u64::try_from(length).unwrap_or(u64::MAX))
    }
}

/// One page and, when there is more, where the next begins.
#[derive(Debug, Clone)]
pub struct Page<T, K> {
    /// The items, in the order asked for.
    pub items: Vec<T>,
    /// Pass back as `after` to continue.
    pub next: Option<K>,
    /// What all pages have, when it was asked for.
    pub total: Option<Total>,
}

impl<T, K> Page<T, K> {
    /// Trims a list fetched with one extra row and works out the next cursor.
    pub fn from_overfetch(mut items: Vec<T>, limit: u32, key_of: impl Fn(&T) -> K) -> Self {
        let limit = limit as usize;
        let more = items.len() > limit;
        items.truncate(limit);
        let next = if more { items.last().map(key_of) } else { None };
        Self {
            items,
            next,
            total: None,
        }
    }

    /// The same page, of a list that was counted.
    #[must_use]
    pub fn counted(self, total: Option<Total>) -> Self {
        Self { total, ..self }
    }

    /// A page at the same place with these items.
    pub fn with_items<U>(self, items: Vec<U>) -> Page<U, K> {
        Page {
            items,
            next: self.next,
            total: self.total,
        }
    }

    /// The same page of other things.
    pub fn map<U>(self, turn: impl FnMut(T) -> U) -> Page<U, K> {
        Page {
            items: self.items.into_iter().map(turn).collect(),
            next: self.next,
            total: self.total,
        }
    }

    /// The same page of other things, unless one of them cannot be made.
    pub fn try_map<U, E>(self, turn: impl FnMut(T) -> Result<U, E>) -> Result<Page<U, K>, E> {
        Ok(Page {
            items: self.items.into_iter().map(turn).collect::<Result<_, _>>()?,
            next: self.next,
            total: self.total,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_total_is_exact_up_to_ten_thousand() {
        let told = |counted| {
            let total = Total::of(counted);
            (total.items, total.is_lower_bound)
        };
        assert_eq!(told(0), (0, false));
        assert_eq!(told(10_000), (10_000, false));
        assert_eq!(told(10_001), (10_001, true));
        assert_eq!(told(20_000), (10_001, true));
    }
}
