use persistence::Left;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::work::hand_over::{Handed, Item, Kind};

/// What has become, or would become, of what somebody leaves behind.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HandOver)]
pub(crate) struct HandOverView {
    /// Whether nothing was changed.
    dry_run: bool,
    /// What has gone to the successor, or would.
    moved: Vec<HandedItemView>,
    /// What has stayed, or would, and why.
    kept: Vec<KeptItemView>,
    queued: QueuedView,
}

/// What has not been looked at yet, as far as the caller sees it: it is done in the background; a dry run leaves it out.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HandOverQueued)]
pub(crate) struct QueuedView {
    #[schema(minimum = 0, example = 0)]
    memberships: u64,
    #[schema(minimum = 0, example = 0)]
    processes: u64,
    #[schema(minimum = 0, example = 0)]
    tasks: u64,
}

/// What is handed over.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = HandedKind)]
pub(crate) enum KindView {
    Membership,
    Process,
    Task,
}

/// Something that goes to the successor.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HandedItem)]
pub(crate) struct HandedItemView {
    kind: KindView,
    /// Of the task, the process, or the place that was left.
    id: Uuid,
    /// What it is called; of a place on a team, the role.
    #[schema(example = "Send the welcome pack")]
    title: String,
    entity_id: Uuid,
    #[schema(example = "Okafor Household")]
    entity_name: String,
}

/// Something that stays where it is.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = KeptItem)]
pub(crate) struct KeptItemView {
    #[serde(flatten)]
    item: HandedItemView,
    /// The rule that keeps it.
    #[schema(example = "X11")]
    rule: &'static str,
    #[schema(
        example = "refused by X11: completed, or filled in, a task that this one must be kept separate from"
    )]
    reason: String,
}

impl HandOverView {
    pub(super) fn new(dry_run: bool, handed: Handed, left: Left) -> Self {
        let mut view = Self {
            dry_run,
            moved: Vec::new(),
            kept: Vec::new(),
            queued: QueuedView {
                memberships: left.memberships,
                processes: left.processes,
                tasks: left.tasks,
            },
        };
        for item in handed.items {
            if item.decision.allowed {
                view.moved.push(HandedItemView::new(item));
            } else {
                let (rule, reason) = (item.decision.rule.as_str(), item.decision.reason.clone());
                view.kept.push(KeptItemView {
                    item: HandedItemView::new(item),
                    rule,
                    reason,
                });
            }
        }
        view
    }
}

impl HandedItemView {
    fn new(item: Item) -> Self {
        Self {
            kind: match item.kind {
                Kind::Membership => KindView::Membership,
                Kind::Process => KindView::Process,
                Kind::Task => KindView::Task,
            },
            id: item.id,
            title: item.title,
            entity_id: item.entity_id.0,
            entity_name: item.entity_name,
        }
    }
}
