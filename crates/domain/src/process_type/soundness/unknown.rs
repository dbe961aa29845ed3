//! What to do about names that nothing is known by: a firm makes what it lacks, a folder of files names something else.

use super::NameSource;

impl NameSource {
    pub(super) fn unknown_role(self, key: &str) -> String {
        match self {
            Self::Firm => format!("The firm has no role `{key}`: make it, or name another."),
            Self::Library => format!(
                "The library defines no role `{key}`, and the files of a folder bring none along: name one of the library's, or \
                 make it in the firm and import the folder there."
            ),
        }
    }

    pub(super) const fn unknown_user(self) -> &'static str {
        match self {
            Self::Firm => "The firm has no active user with this id: name another, or a role.",
            Self::Library => {
                "A folder without a firm knows no users: name a role, or import the folder into the firm whose user this is."
            }
        }
    }

    pub(super) fn unknown_kind(self, kind: &str) -> String {
        match self {
            Self::Firm => format!(
                "There is no kind of entity `{kind}`: name a built-in kind or one of the firm's own."
            ),
            Self::Library => format!(
                "There is no built-in kind of entity `{kind}`: name one, or import the folder into the firm that has such records."
            ),
        }
    }

    pub(super) fn missing_type(self, key: &str) -> String {
        match self {
            Self::Firm => format!(
                "The firm has no process type `{key}`: make or install it, or it will not start."
            ),
            Self::Library => format!(
                "No file of the folder and no workflow of the library has the key `{key}`: add it, or it will start only where \
                 the firm has it."
            ),
        }
    }
}
