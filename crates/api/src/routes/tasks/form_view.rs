use domain::{
    process::content::ShownField,
    process_type::definition::{Outcome, TaskTemplate},
    value::{FieldType, FieldValue},
};
use serde::Serialize;
use utoipa::ToSchema;

/// A field of a task's form with what it shows.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TaskFormField)]
pub(crate) struct FormFieldView {
    #[schema(example = "account_number")]
    key: String,
    #[schema(example = "Account number")]
    label: String,
    #[serde(rename = "type")]
    field_type: FieldType,
    /// Whether completing needs it, while it is visible.
    required: bool,
    /// What a `choice` is chosen from.
    options: Vec<String>,
    /// Whether it takes a list.
    multiple: bool,
    /// Which kind of record an `entity` field names.
    entity_kind: Option<String>,
    min: Option<FieldValue>,
    max: Option<FieldValue>,
    min_length: Option<u32>,
    max_length: Option<u32>,
    /// The outcomes with which alone it is asked for, because an effect of the process type asks; empty: whatever the outcome.
    asked_with: Vec<String>,
    /// Whether its condition holds; null in lists over several processes, where a condition cannot be told.
    visible: Option<bool>,
    /// The draft, else what the process or the linked attribute holds (in lists over several processes: the draft or what
    /// the process holds); null: nothing.
    value: Option<FieldValue>,
}

/// A way to complete a task.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TaskOutcome)]
pub(crate) struct OutcomeView {
    #[schema(example = "approved")]
    key: String,
    #[schema(example = "Approved")]
    label: String,
    /// Whether a note has to say why.
    requires_note: bool,
    /// One of these has to be given with it, where there are any.
    reason_codes: Vec<String>,
}

/// The form as it is sent; with `whole`, conditions could look at everything that they name.
pub(super) fn fields(shown: Vec<ShownField<'_>>, whole: bool) -> Vec<FormFieldView> {
    shown
        .into_iter()
        .map(|shown| {
            let field = shown.field;
            let told = whole || field.visible_when.is_none();
            let asked_with = shown.asked_with.into_iter();
            FormFieldView {
                key: field.key.clone(),
                label: field.label.clone(),
                field_type: field.field_type,
                required: shown.required,
                asked_with: asked_with.map(str::to_owned).collect(),
                options: field.options.clone(),
                multiple: field.multiple,
                entity_kind: field.entity_kind.clone(),
                min: field.min.clone(),
                max: field.max.clone(),
                min_length: field.min_length,
                max_length: field.max_length,
                visible: told.then_some(shown.visible),
                value: shown.value,
            }
        })
        .collect()
}

/// The outcomes of a template; a task without one has none.
pub(super) fn outcomes(template: Option<&TaskTemplate>) -> Vec<OutcomeView> {
    let outcomes = template.map_or(&[][..], |template| &template.outcomes);
    outcomes.iter().map(OutcomeView::new).collect()
}

impl OutcomeView {
    fn new(outcome: &Outcome) -> Self {
        Self {
            key: outcome.key.clone(),
            label: outcome.label.clone(),
            requires_note: outcome.requires_note,
            reason_codes: outcome.reason_codes.clone(),
        }
    }
}
