use std::collections::{BTreeMap, BTreeSet};

use actix_web::patch;
use chrono::NaiveTime;
use chrono_tz::{TZ_VARIANTS, Tz};
use domain::{
    access::starting::{FirmAction, decide_firm_action},
    event::{EventType, Occurrence, SubjectType},
    firm::{Firm, ReadAccessLog, Visibility},
    process::engine::snapshot,
    value::FieldValue,
};
use persistence::UnitOfWork;
use serde::Deserialize;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{Object, RefOr, Schema, extensions::ExtensionsBuilder, schema::Type},
};

use super::{
    policies,
    view::{DayOfWeek, FirmView},
};
use crate::{
    call::Call,
    http::{answer::Answer, etag::IfMatch, json::Body, problem::Problem},
    jobs::plan_anew,
};

/// What is to change; what is left out stays.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpdateFirm {
    #[schema(
        min_length = 1,
        max_length = 200,
        pattern = r"\S",
        nullable = false,
        example = "Northwind Wealth"
    )]
    name: Option<String>,
    /// The zone in which its days are counted. Due dates that are set already stay.
    #[schema(nullable = false)]
    time_zone: Option<TimeZone>,
    /// When its business day ends; what happens later counts as the next business day.
    #[schema(
        value_type = Option<String>,
        pattern = "^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$",
        nullable = false,
        example = "17:00"
    )]
    close_of_business: Option<NaiveTime>,
    /// Days of the week on which it is closed; at least one day stays open.
    #[schema(max_items = 6, nullable = false, example = json!(["saturday", "sunday"]))]
    weekend: Option<BTreeSet<DayOfWeek>>,
    /// First month of its fiscal year.
    #[schema(minimum = 1, maximum = 12, nullable = false, example = 1)]
    fiscal_year_start_month: Option<u32>,
    /// Who sees which entities.
    #[schema(nullable = false)]
    visibility: Option<Visibility>,
    /// Whether the owner of a task may move its due date.
    #[schema(nullable = false, example = false)]
    owner_may_reschedule: Option<bool>,
    /// Whether it is noted who is shown which client: before each answer, at the price of one statement.
    #[schema(nullable = false)]
    read_access_log: Option<ReadAccessLog>,
    #[serde(default)]
    #[schema(schema_with = policies::patch_schema)]
    policies: BTreeMap<String, Option<FieldValue>>,
}

/// The IANA name of a time zone.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(transparent)]
pub(crate) struct TimeZone(Tz);

impl PartialSchema for TimeZone {
    fn schema() -> RefOr<Schema> {
        let names = TZ_VARIANTS.iter().map(|zone| identifier(zone.name()));
        // Generators drop the signs of `Etc/GMT+1` and `Etc/GMT-1`, which then clash.
        let extensions = ExtensionsBuilder::new()
            .add("x-enum-varnames", names.collect::<Vec<_>>())
            .build();
        Object::builder()
            .schema_type(Type::String)
            .extensions(Some(extensions))
            .description(Some("The IANA name of a time zone."))
            .enum_values(Some(TZ_VARIANTS.iter().map(|zone| zone.name())))
            .examples([serde_json::Value::from("America/New_York")])
            .into()
    }
}

impl ToSchema for TimeZone {}

/// What a generated client calls a zone: `Etc/GMT+1` → `ETC_GMT_PLUS_1`.
fn identifier(zone: &str) -> String {
    let mut name = String::with_capacity(zone.len());
    let mut letters = zone.chars().peekable();
    while let Some(letter) = letters.next() {
        let before_digit = letters.peek().is_some_and(char::is_ascii_digit);
        match letter {
            '+' => name.push_str("_PLUS_"),
            '-' if before_digit => name.push_str("_MINUS_"),
            letter if letter.is_ascii_alphanumeric() => name.push(letter.to_ascii_uppercase()),
            _ => name.push('_'),
        }
    }
    name
}

impl UpdateFirm {
    /// The firm after the patch; the same one if it changes nothing.
    fn apply(self, firm: &Firm) -> Firm {
        let mut after = firm.clone();
        if let Some(name) = self.name {
            name.trim().clone_into(&mut after.name);
        }
        if let Some(TimeZone(zone)) = self.time_zone {
            after.time_zone = zone;
        }
        if let Some(time) = self.close_of_business {
            after.close_of_business = time;
        }
        if let Some(days) = self.weekend {
            after.weekend = days.into_iter().map(Into::into).collect();
        }
        if let Some(month) = self.fiscal_year_start_month {
            after.fiscal_year_start_month = month;
        }
        if let Some(visibility) = self.visibility {
            after.visibility = visibility;
        }
        if let Some(may) = self.owner_may_reschedule {
            after.owner_may_reschedule = may;
        }
        if let Some(log) = self.read_access_log {
            after.read_access_log = log;
        }
        for (key, value) in self.policies {
            match value {
                Some(value) => after.policies.insert(key, value),
                None => after.policies.remove(&key),
            };
        }
        if after != *firm {
            after.version += 1;
        }
        after
    }
}

/// Change the firm's settings.
///
/// Admins may. A new name is also that of the entity that stands for the firm.
#[utoipa::path(
    params(IfMatch),
    request_body = UpdateFirm,
    responses((status = 200, description = "The firm as it is now.", body = FirmView)),
)]
#[patch("/v1/firm")]
#[tracing::instrument(name = "update_firm", skip_all)]
pub(crate) async fn update_firm(
    call: Call,
    if_match: IfMatch,
    Body(body): Body<UpdateFirm>,
) -> Result<Answer, Problem> {
    call.write(async |tx| {
        let before = tx.lock_firm().await?.ok_or_else(Problem::not_found)?;
        if_match.check(before.version)?;
        decide_firm_action(FirmAction::Administer, call.actor()).or_denied(true)?;
        let faults = policies::faults(tx.reads(), &body.policies).await?;
        if !faults.is_empty() {
            return Err(Problem::invalid(faults).into());
        }
        let after = body.clone().apply(&before);
        if after != before {
            tx.update_firm(&after)?;
            tx.record(Occurrence {
                event: EventType::FirmUpdated,
                subject_type: SubjectType::Firm,
                subject_id: after.id.0,
                entity_id: None,
                before: Some(snapshot(&before)),
                after: Some(snapshot(&after)),
            });
        }
        if after.keeps_other_time_than(&before) {
            plan_anew(tx).await?;
        }
        if after.name != before.name {
            rename_entity(tx, &after).await?;
        }
        Ok(Answer::ok(&FirmView::new(&after))?.version(after.version))
    })
    .await
}

/// The entity that stands for the firm bears its name.
async fn rename_entity(tx: &mut UnitOfWork, firm: &Firm) -> Result<(), Problem> {
    let Some(before) = tx.lock_entity(firm.id.entity()).await? else {
        return Ok(());
    };
    let mut after = before.clone();
    after.name.clone_from(&firm.name);
    if after == before {
        return Ok(());
    }
    after.version += 1;
    tx.update_entity(&after)?;
    tx.record(Occurrence {
        event: EventType::EntityUpdated,
        subject_type: SubjectType::Entity,
        subject_id: after.id.0,
        entity_id: Some(after.id),
        before: Some(snapshot(&before)),
        after: Some(snapshot(&after)),
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_time_zone_has_a_name_of_its_own_in_generated_clients() {
        let names: BTreeSet<String> = TZ_VARIANTS
            .iter()
            .map(|zone| identifier(zone.name()))
            .collect();
        assert_eq!(names.len(), TZ_VARIANTS.len());
        assert_eq!(identifier("Etc/GMT-14"), "ETC_GMT_MINUS_14");
        assert_eq!(
            identifier("America/Port-au-Prince"),
            "AMERICA_PORT_AU_PRINCE"
        );
    }
}
