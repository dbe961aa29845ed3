//! Keyset pages: the place of the last row seen is the cursor.

/// What the caller asked for.
#[derive(Debug, Clone)]
pub struct PageRequest<K> {
    /// Return items after this place.
    pub after: Option<K>,
    /// How many at most, 1 to 200.
    pub limit: u32,
}

/// One page and, when there is more, where the next begins.
#[derive(Debug, Clone)]
pub struct Page<T, K> {
    /// The items, in the order asked for.
    pub items: Vec<T>,
    /// Pass back as `after` to continue.
    pub next: Option<K>,
}

impl<T, K> Page<T, K> {
    /// Trims a list fetched with one extra row and works out the next cursor.
    pub fn from_overfetch(mut items: Vec<T>, limit: u32, key_of: impl Fn(&T) -> K) -> Self {
        let limit = limit as usize;
        let more = items.len() > limit;
        items.truncate(limit);
        let next = if more { items.last().map(key_of) } else { None };
        Self { items, next }
    }

    /// The same page of other things.
    pub fn map<U>(self, turn: impl FnMut(T) -> U) -> Page<U, K> {
        Page {
            items: self.items.into_iter().map(turn).collect(),
            next: self.next,
        }
    }

    /// The same page of other things, unless one of them cannot be made.
    pub fn try_map<U, E>(self, turn: impl FnMut(T) -> Result<U, E>) -> Result<Page<U, K>, E> {
        Ok(Page {
            items: self.items.into_iter().map(turn).collect::<Result<_, _>>()?,
            next: self.next,
        })
    }
}
