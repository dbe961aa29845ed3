//! What completions and results bring about (E13).

use crate::{
    event::EventType,
    ids::{NotificationId, UserId},
    notification::Notification,
    process::{engine::Engine, input::EffectSource},
    process_type::definition::{Effect, EffectAction},
};

impl Engine<'_> {
    #[expect(clippy::needless_pass_by_value, reason = "the agreed signature")]
    pub(super) fn apply_effects(&mut self, effects: &[Effect], source: EffectSource) {
        for effect in effects {
            if let EffectAction::Notify { to, message } = &effect.action
                && let Some(user_id) = self.resolve_owner(std::slice::from_ref(to), source.task())
            {
                self.changes.notifications.push(Notification {
                    id: NotificationId(self.world.ambient.fresh_id()),
                    user_id,
                    message: message.clone(),
                    process_id: Some(self.run.process.id),
                    task_id: None,
                    entity_id: self.run.process.entity_id,
                    created_at: self.now,
                });
                self.change_process(EventType::NotificationCreated, |_| {});
            }
        }
    }

    pub(super) fn apply_attribute_fields(&mut self, index: usize, by: UserId) {
        let _ = (index, by, self.now);
    }
}
