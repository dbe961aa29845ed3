//! A new firm: its settings, the entity that stands for it, the standard roles, and its first admin.

use chrono::NaiveTime;
use chrono_tz::Tz;
use domain::{
    ambient::Ambient,
    event::{EventType, Occurrence, SubjectType},
    firm::{Firm, Visibility},
    ids::{FirmId, RoleId, UserId},
    role::Role,
    user::{PermissionLevel, User, UserStatus},
};
use persistence::{Store, StoreError, UnitOfWork, WriteContext};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

/// What has to be known of a new firm.
#[derive(Debug, Clone)]
pub struct NewFirm {
    /// Unique short name, used to sign in.
    pub slug: String,
    /// What people call it.
    pub name: String,
    /// In which its days are counted.
    pub time_zone: Tz,
    /// Its first admin.
    pub admin_email: String,
    /// What people call them.
    pub admin_name: String,
    /// Hash of their password.
    pub admin_password_hash: String,
    /// The roles that it begins with.
    pub roles: Vec<Role>,
}

/// The roles that the library's workflows name.
#[must_use]
pub fn standard_roles(ambient: &dyn Ambient) -> Vec<Role> {
    library::roles()
        .iter()
        .map(|standard| Role {
            id: RoleId(ambient.fresh_id()),
            key: standard.key.clone(),
            name: standard.name.clone(),
            kind: standard.kind,
            description: Some(standard.description.clone()),
            leads: standard.leads,
            version: 1,
        })
        .collect()
}

/// Makes the firm with everything that belongs to it, as one transaction.
pub async fn found(
    store: &Store,
    ambient: &dyn Ambient,
    new: &NewFirm,
) -> Result<(Firm, User), StoreError> {
    let now = ambient.now();
    let firm = Firm {
        id: FirmId(ambient.fresh_id()),
        slug: new.slug.clone(),
        name: new.name.clone(),
        time_zone: new.time_zone,
        close_of_business: NaiveTime::from_hms_opt(17, 0, 0).unwrap_or_default(),
        weekend: vec![chrono::Weekday::Sat, chrono::Weekday::Sun],
        fiscal_year_start_month: 1,
        visibility: Visibility::default(),
        owner_may_reschedule: false,
        read_access_log: domain::firm::ReadAccessLog::Off,
        policies: std::collections::BTreeMap::new(),
        created_at: now,
        version: 1,
    };
    let admin = User {
        id: UserId(ambient.fresh_id()),
        email: new.admin_email.to_lowercase(),
        full_name: new.admin_name.clone(),
        permission_level: PermissionLevel::Admin,
        status: UserStatus::Active,
        created_at: now,
        version: 1,
    };
    let context = WriteContext::by_system(firm.id);
    store
        .write(&context, async |tx: &mut UnitOfWork| {
            tx.create_firm(&firm).await?;
            tx.record(created(
                EventType::FirmCreated,
                SubjectType::Firm,
                firm.id.0,
                &firm,
            )?);
            tx.insert_user(&admin, Some(new.admin_password_hash.clone()))?;
            tx.record(created(
                EventType::UserCreated,
                SubjectType::User,
                admin.id.0,
                &admin,
            )?);
            tx.insert_roles(&new.roles)?;
            for role in &new.roles {
                tx.record(created(
                    EventType::RoleCreated,
                    SubjectType::Role,
                    role.id.0,
                    role,
                )?);
            }
            Ok::<_, StoreError>(())
        })
        .await?;
    Ok((firm, admin))
}

fn created<T: Serialize>(
    event: EventType,
    subject_type: SubjectType,
    subject_id: Uuid,
    after: &T,
) -> Result<Occurrence, StoreError> {
    let after: Value =
        serde_json::to_value(after).map_err(|err| StoreError::Encoding(err.to_string()))?;
    Ok(Occurrence {
        event,
        subject_type,
        subject_id,
        entity_id: None,
        before: None,
        after: Some(after),
    })
}
