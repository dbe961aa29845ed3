//! Dice, and answers to whatever a form asks.

use domain::{
    process::{engine::Engine, input::CompletionInput},
    process_type::definition::Field,
    value::{FieldType, FieldValue, Money},
};

use super::firm::{PAPER, Stand};

/// Numbers that look random and are the same in each run (`SplitMix64`).
pub(super) struct Dice(u64);

impl Dice {
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let bound = u64::try_from(bound).unwrap();
        usize::try_from((mixed ^ (mixed >> 31)) % bound).unwrap()
    }

    pub(super) fn heads(&mut self) -> bool {
        self.below(2) == 1
    }
}

/// The input with an answer in each field that is asked for; some of the others are left out.
pub(super) fn answered(
    engine: &Engine<'_>,
    index: usize,
    mut input: CompletionInput,
    stand: &Stand,
    dice: &mut Dice,
) -> CompletionInput {
    for shown in engine.shown_form_for(index, input.outcome.as_deref()) {
        if shown.visible && (shown.required || dice.heads()) {
            let value = answer(&shown.field, stand, dice);
            input.form.insert(shown.field.key.clone(), Some(value));
        }
    }
    // What an answer makes visible has to be answered too, and so on.
    loop {
        let before = input.form.len();
        for fault in engine.check_completion(index, &input) {
            let key = fault.pointer.trim_start_matches("/form/").to_owned();
            let shown = engine.shown_form_for(index, input.outcome.as_deref());
            let field = shown.into_iter().find(|shown| shown.field.key == key);
            if let Some(shown) = field.filter(|_| fault.code == "required") {
                let value = answer(&shown.field, stand, dice);
                input.form.insert(key, Some(value));
            }
        }
        if input.form.len() == before {
            return input;
        }
    }
}

/// Some value that the field takes.
pub(super) fn answer(field: &Field, stand: &Stand, dice: &mut Dice) -> FieldValue {
    if let Some(limit) = field.min.as_ref().or(field.max.as_ref()) {
        return limit.clone();
    }
    let amount = [0_u32, 1, 75, 2_000, 1_000_000][dice.below(5)];
    let one = |choices: Vec<String>, dice: &mut Dice| {
        if field.multiple {
            let mut several: Vec<String> =
                choices.iter().filter(|_| dice.heads()).cloned().collect();
            if several.is_empty() {
                several.push(choices[dice.below(choices.len())].clone());
            }
            FieldValue::List(several)
        } else {
            FieldValue::Text(choices[dice.below(choices.len())].clone())
        }
    };
    match field.field_type {
        FieldType::Boolean => FieldValue::Flag(dice.heads()),
        FieldType::Number => FieldValue::Number(amount.into()),
        FieldType::Money => FieldValue::Money(Money {
            amount: amount.to_string(),
            currency: "USD".to_owned(),
        }),
        FieldType::Text | FieldType::LongText => one(vec!["As agreed".to_owned()], dice),
        FieldType::Date => one(vec!["2026-04-15".to_owned()], dice),
        FieldType::Datetime => one(vec!["2026-04-15T15:00:00Z".to_owned()], dice),
        FieldType::Choice => one(field.options.clone(), dice),
        FieldType::File => one(vec![PAPER.to_string()], dice),
        // Whoever approves is left out: with one person in each role, somebody has to remain who may (X11).
        FieldType::User => {
            let people = stand.staff().into_iter();
            one(people.map(|id| id.to_string()).collect(), dice)
        }
        FieldType::Entity => {
            let kind = field.entity_kind.as_deref().unwrap();
            let records = stand.records(kind).into_iter();
            one(records.map(|id| id.to_string()).collect(), dice)
        }
    }
}
