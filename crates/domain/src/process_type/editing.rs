//! How a process type changes: drafts are begun and rewritten, versions published, types archived.

use chrono::{DateTime, Utc};

use super::{
    document::ProcessTypeDocument,
    versions::{ProcessType, ProcessTypeVersion, VersionStatus},
};
use crate::{
    ambient::Ambient,
    ids::{ProcessTypeId, UserId},
};

/// Why a process type cannot be changed like this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EditRefused {
    /// It is archived.
    #[error("the process type is archived")]
    Archived,
    /// There is nothing to publish.
    #[error("the process type has no draft")]
    NoDraft,
    /// The draft has another key than the type.
    #[error("the key of a process type never changes")]
    OtherKey,
    /// A version was to have been in effect before it was published.
    #[error("a version takes effect when it is published or later")]
    TakesEffectInThePast,
}

/// A workflow as a release of the library has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LibraryEdition<'l> {
    /// The workflow.
    pub slug: &'l str,
    /// The release.
    pub version: &'l str,
}

impl ProcessType {
    /// A new type with its first draft.
    #[must_use]
    pub fn begin(
        document: ProcessTypeDocument,
        library: Option<LibraryEdition<'_>>,
        ambient: &dyn Ambient,
    ) -> (Self, ProcessTypeVersion) {
        let now = ambient.now();
        let draft = draft(1, document, now);
        let begun = Self {
            id: ProcessTypeId(ambient.fresh_id()),
            key: draft.definition.key.clone(),
            name: String::new(),
            category: String::new(),
            area: None,
            summary: String::new(),
            library_slug: library.map(|edition| edition.slug.to_owned()),
            library_version: library.map(|edition| edition.version.to_owned()),
            published_version: None,
            draft_version: Some(draft.number),
            archived_at: None,
            created_at: now,
            version: 1,
        };
        (begun.headed(&draft.definition), draft)
    }

    /// The type with this draft: what the present one becomes, or a new one behind the newest version.
    pub fn redraft(
        &self,
        document: ProcessTypeDocument,
        present: Option<ProcessTypeVersion>,
        now: DateTime<Utc>,
    ) -> Result<(Self, ProcessTypeVersion), EditRefused> {
        self.require_live()?;
        if document.key != self.key {
            return Err(EditRefused::OtherKey);
        }
        let draft = match present {
            Some(present) => ProcessTypeVersion {
                definition: document,
                ..present
            },
            None => draft(self.published_version.unwrap_or(0) + 1, document, now),
        };
        let mut next = self.changed();
        next.draft_version = Some(draft.number);
        if self.published_version.is_none() {
            next = next.headed(&draft.definition);
        }
        Ok((next, draft))
    }

    /// The type once its draft is published, by nobody where the command line does it; the draft was found sound.
    pub fn publish(
        &self,
        draft: Option<ProcessTypeVersion>,
        by: Option<UserId>,
        effective_at: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> Result<(Self, ProcessTypeVersion), EditRefused> {
        self.require_live()?;
        let draft = draft.ok_or(EditRefused::NoDraft)?;
        if effective_at.is_some_and(|at| at < now) {
            return Err(EditRefused::TakesEffectInThePast);
        }
        let published = ProcessTypeVersion {
            status: VersionStatus::Published,
            effective_at,
            published_at: Some(now),
            published_by: by,
            ..draft
        };
        let mut next = self.changed().headed(&published.definition);
        next.published_version = Some(published.number);
        next.draft_version = None;
        Ok((next, published))
    }

    /// The same change of the type, which takes over a release of the library.
    #[must_use]
    pub fn resting_on(self, release: &str) -> Self {
        Self {
            library_version: Some(release.to_owned()),
            ..self
        }
    }

    /// The type once nobody can start it any more.
    pub fn archive(&self, now: DateTime<Utc>) -> Result<Self, EditRefused> {
        self.require_live()?;
        let mut next = self.changed();
        next.archived_at = Some(now);
        Ok(next)
    }

    /// Refuses to change an archived type.
    pub fn require_live(&self) -> Result<(), EditRefused> {
        match self.archived_at {
            None => Ok(()),
            Some(_) => Err(EditRefused::Archived),
        }
    }

    fn changed(&self) -> Self {
        Self {
            version: self.version + 1,
            ..self.clone()
        }
    }

    fn headed(self, definition: &ProcessTypeDocument) -> Self {
        Self {
            name: definition.name.clone(),
            category: definition.category.clone(),
            area: definition.area.clone(),
            summary: definition.summary.clone(),
            ..self
        }
    }
}

fn draft(number: i32, definition: ProcessTypeDocument, now: DateTime<Utc>) -> ProcessTypeVersion {
    ProcessTypeVersion {
        number,
        status: VersionStatus::Draft,
        effective_at: None,
        published_at: None,
        published_by: None,
        created_at: now,
        definition,
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use uuid::Uuid;

    use super::*;
    use crate::process_type::soundness::sample::new_account_opening;

    struct Still;

    impl Ambient for Still {
        fn now(&self) -> DateTime<Utc> {
            DateTime::UNIX_EPOCH
        }

        fn fresh_id(&self) -> Uuid {
            Uuid::from_u128(1)
        }
    }

    const BY: Option<UserId> = Some(UserId(Uuid::from_u128(2)));

    fn begun() -> (ProcessType, ProcessTypeVersion) {
        let edition = LibraryEdition {
            slug: "slug",
            version: "1.2.3",
        };
        ProcessType::begin(new_account_opening(), Some(edition), &Still)
    }

    fn published() -> ProcessType {
        let (begun, draft) = begun();
        begun.publish(Some(draft), BY, None, Still.now()).unwrap().0
    }

    fn renamed(name: &str) -> ProcessTypeDocument {
        ProcessTypeDocument {
            name: name.to_owned(),
            ..new_account_opening()
        }
    }

    #[test]
    fn a_type_begins_with_its_first_draft() {
        let (begun, draft) = begun();
        assert_eq!(begun.name, draft.definition.name);
        assert_eq!(begun.library_slug.as_deref(), Some("slug"));
        assert_eq!(begun.library_version.as_deref(), Some("1.2.3"));
        assert_eq!(
            (begun.published_version, begun.draft_version),
            (None, Some(1))
        );
        assert_eq!((draft.number, draft.status), (1, VersionStatus::Draft));
    }

    #[test]
    fn a_draft_is_rewritten_under_its_number_and_names_the_type_while_nothing_is_published() {
        let (begun, first) = begun();
        let (next, draft) = begun
            .redraft(renamed("Other"), Some(first), Still.now())
            .unwrap();
        assert_eq!((draft.number, next.draft_version), (1, Some(1)));
        assert_eq!((next.name.as_str(), next.version), ("Other", 2));
    }

    #[test]
    fn a_draft_behind_a_published_version_has_the_next_number_and_does_not_name_the_type_yet() {
        let published = published();
        assert_eq!(
            (published.published_version, published.draft_version),
            (Some(1), None)
        );
        let (next, draft) = published
            .redraft(renamed("Other"), None, Still.now())
            .unwrap();
        assert_eq!((draft.number, next.draft_version), (2, Some(2)));
        assert_eq!(next.name, published.name);
        let (next, version) = next.publish(Some(draft), BY, None, Still.now()).unwrap();
        assert_eq!(
            (next.name.as_str(), next.published_version),
            ("Other", Some(2))
        );
        assert_eq!(version.status, VersionStatus::Published);
        assert_eq!(
            (version.published_by, version.published_at),
            (BY, Some(Still.now()))
        );
    }

    #[test]
    fn the_command_line_publishes_in_nobodys_name() {
        let (begun, draft) = begun();
        let (_, version) = begun.publish(Some(draft), None, None, Still.now()).unwrap();
        assert_eq!(version.published_by, None);
        assert_eq!(version.published_at, Some(Still.now()));
    }

    #[test]
    fn a_type_rests_on_the_release_that_it_took_over_last() {
        let before = published();
        let after = before.clone().resting_on("1.3.0");
        assert_eq!(after.library_version.as_deref(), Some("1.3.0"));
        assert_eq!(after.library_slug, before.library_slug);
        assert_eq!(
            after.version, before.version,
            "it is part of another change"
        );
    }

    #[test]
    fn the_key_never_changes() {
        let mut document = new_account_opening();
        document.key = "other".to_owned();
        let refused = published().redraft(document, None, Still.now());
        assert_eq!(refused, Err(EditRefused::OtherKey));
    }

    #[test]
    fn only_a_draft_is_published_and_never_for_the_past() {
        let now = Still.now();
        assert_eq!(
            published().publish(None, BY, None, now),
            Err(EditRefused::NoDraft)
        );
        let (begun, draft) = begun();
        let at = |at| begun.publish(Some(draft.clone()), BY, Some(at), now);
        let past = at(now - TimeDelta::seconds(1));
        assert_eq!(past, Err(EditRefused::TakesEffectInThePast));
        let tomorrow = now + TimeDelta::days(1);
        assert_eq!(at(tomorrow).unwrap().1.effective_at, Some(tomorrow));
    }

    #[test]
    fn an_archived_type_does_not_change_any_more() {
        let now = Still.now();
        let (begun, draft) = begun();
        let archived = begun.archive(now).unwrap();
        assert_eq!(archived.archived_at, Some(now));
        assert_eq!(archived.archive(now), Err(EditRefused::Archived));
        let redraft = archived.redraft(renamed("Other"), Some(draft.clone()), now);
        assert_eq!(redraft, Err(EditRefused::Archived));
        let publish = archived.publish(Some(draft), BY, None, now);
        assert_eq!(publish, Err(EditRefused::Archived));
    }
}
