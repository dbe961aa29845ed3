//! What can be wrong with a trail, and the sentence that says it.

use chrono::NaiveDate;

/// The first thing that is wrong with a trail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("entry {sequence}: {flaw}")]
pub struct Broken {
    /// Number of the entry where it is wrong.
    pub sequence: i64,
    /// What is wrong there.
    pub flaw: Flaw,
}

/// What is wrong at an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// There is no entry of this number.
    #[error("there is no entry of this number")]
    NumberMissing,
    /// There is an entry where the trail cannot have one.
    #[error("there cannot be an entry of this number")]
    NumberUnexpected,
    /// It does not follow from the entry before.
    #[error("its previous hash differs from the hash of the entry before")]
    PreviousHashDiffers,
    /// It is not what was sealed.
    #[error("its hash differs from what its members give")]
    HashDiffers,
    /// It holds what no entry can.
    #[error("it holds what no entry can hold")]
    Unreadable,
    /// The trail's head, which the next entry follows, does not match its last entry.
    #[error("the head of the trail has another hash than its last entry")]
    HeadDiffers,
    /// The head was set back, or an entry was put in behind it.
    #[error("it stands behind the head of the trail")]
    BehindHead,
    /// A checkpoint has signed another hash.
    #[error("the checkpoint of {day} has signed another hash for it")]
    CheckpointDiffers {
        /// Which.
        day: NaiveDate,
    },
    /// A checkpoint was signed when the trail went further than it does now.
    #[error("the checkpoint of {day} was signed there, but the trail ends before it")]
    CheckpointBeyondEnd {
        /// Which.
        day: NaiveDate,
    },
    /// A checkpoint's signature is none of its key.
    #[error("the signature of the checkpoint of {day} is wrong")]
    CheckpointSignatureWrong {
        /// Which.
        day: NaiveDate,
    },
    /// A checkpoint names a key that this installation has not made, or had revoked.
    #[error("the checkpoint of {day} is signed by no key that counts")]
    CheckpointKeyUnknown {
        /// Which.
        day: NaiveDate,
    },
}

impl Flaw {
    /// A stable word for programs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NumberMissing => "number-missing",
            Self::NumberUnexpected => "number-unexpected",
            Self::PreviousHashDiffers => "previous-hash-differs",
            Self::HashDiffers => "hash-differs",
            Self::Unreadable => "unreadable",
            Self::HeadDiffers => "head-differs",
            Self::BehindHead => "behind-head",
            Self::CheckpointDiffers { .. } => "checkpoint-differs",
            Self::CheckpointBeyondEnd { .. } => "checkpoint-beyond-end",
            Self::CheckpointSignatureWrong { .. } => "checkpoint-signature-wrong",
            Self::CheckpointKeyUnknown { .. } => "checkpoint-key-unknown",
        }
    }

    /// The day of the checkpoint that it is about.
    #[must_use]
    pub const fn checkpoint(self) -> Option<NaiveDate> {
        match self {
            Self::CheckpointDiffers { day }
            | Self::CheckpointBeyondEnd { day }
            | Self::CheckpointSignatureWrong { day }
            | Self::CheckpointKeyUnknown { day } => Some(day),
            Self::NumberMissing
            | Self::NumberUnexpected
            | Self::PreviousHashDiffers
            | Self::HashDiffers
            | Self::Unreadable
            | Self::HeadDiffers
            | Self::BehindHead => None,
        }
    }

    /// At this entry.
    #[must_use]
    pub const fn at(self, sequence: i64) -> Broken {
        Broken {
            sequence,
            flaw: self,
        }
    }
}
