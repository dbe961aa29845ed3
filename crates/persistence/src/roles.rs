//! Roles that people may hold. They are part of what is cached of a firm.

use domain::{
    ids::RoleId,
    page::{Page, PageRequest},
    role::{Role, RoleKind},
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{ExprTrait, LockType},
};

use crate::{
    Reads, StoreError, UnitOfWork,
    batch::update_row,
    codec::{Place, to_name},
    entity::role::{ActiveModel, Column, Entity, Model},
    text_match::{starts_with, word_starts_with},
};

/// Which roles are listed; what is none does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RoleFilter {
    /// Of one of these kinds.
    pub kinds: Vec<RoleKind>,
    /// With a key, or a word of the name, that begins like this, whatever the case.
    pub beginning: Option<String>,
}

impl Reads<'_> {
    /// Looks one up.
    pub async fn role(&self, id: RoleId) -> Result<Option<Role>, StoreError> {
        Entity::find_by_id((self.firm_key(), id.0))
            .one(&self.connection)
            .await?
            .map(Role::try_from)
            .transpose()
    }

    /// All of them, by key.
    pub async fn all_roles(&self) -> Result<Vec<Role>, StoreError> {
        Entity::find()
            .filter(Column::FirmId.eq(self.firm_key()))
            .order_by_asc(Column::Key)
            .all(&self.connection)
            .await?
            .into_iter()
            .map(Role::try_from)
            .collect()
    }

    /// A page of them, by key.
    pub async fn list_roles(
        &self,
        filter: &RoleFilter,
        page: PageRequest<String>,
    ) -> Result<Page<Role, String>, StoreError> {
        let mut query = Entity::find()
            .filter(Column::FirmId.eq(self.firm_key()))
            .order_by_asc(Column::Key)
            .limit(u64::from(page.limit) + 1);
        if !filter.kinds.is_empty() {
            let kinds = filter
                .kinds
                .iter()
                .map(to_name)
                .collect::<Result<Vec<_>, _>>()?;
            query = query.filter(Column::Kind.is_in(kinds));
        }
        if let Some(beginning) = &filter.beginning {
            let key = starts_with(Column::Key, beginning);
            query = query.filter(key.or(word_starts_with(Column::Name, beginning)));
        }
        let total = self.total(&query, &page).await?;
        if let Some(after) = page.after {
            query = query.filter(Column::Key.gt(after));
        }
        let roles = query
            .all(&self.connection)
            .await?
            .into_iter()
            .map(Role::try_from)
            .collect::<Result<_, _>>()?;
        Ok(Page::from_overfetch(roles, page.limit, |role: &Role| role.key.clone()).counted(total))
    }
}

impl UnitOfWork {
    /// Looks one up and holds it until the end.
    pub async fn lock_role(&self, id: RoleId) -> Result<Option<Role>, StoreError> {
        Entity::find_by_id((self.firm_id().0, id.0))
            .lock(LockType::NoKeyUpdate)
            .one(&self.connection())
            .await?
            .map(Role::try_from)
            .transpose()
    }

    /// Adds some.
    pub fn insert_roles(&mut self, roles: &[Role]) -> Result<(), StoreError> {
        if roles.is_empty() {
            return Ok(());
        }
        let now = self.ambient().now();
        let rows = roles
            .iter()
            .map(|role| {
                Ok(ActiveModel {
                    created_at: Set(now),
                    ..self.role_row(role)?
                })
            })
            .collect::<Result<Vec<_>, StoreError>>()?;
        self.queue(Entity::insert_many(rows).into_query());
        self.changes_catalog = true;
        Ok(())
    }

    /// Writes one back.
    pub fn update_role(&mut self, role: &Role) -> Result<(), StoreError> {
        let row = self.role_row(role)?;
        self.queue(update_row(&row));
        self.changes_catalog = true;
        Ok(())
    }

    fn role_row(&self, role: &Role) -> Result<ActiveModel, StoreError> {
        Ok(ActiveModel {
            firm_id: Set(self.firm_id().0),
            id: Set(role.id.0),
            key: Set(role.key.clone()),
            name: Set(role.name.clone()),
            kind: Set(to_name(&role.kind)?),
            description: Set(role.description.clone()),
            leads: Set(role.leads),
            created_at: NotSet,
            version: Set(role.version),
        })
    }
}

impl TryFrom<Model> for Role {
    type Error = StoreError;

    fn try_from(row: Model) -> Result<Self, Self::Error> {
        let place = Place {
            table: "role",
            row: row.id,
        };
        Ok(Self {
            id: RoleId(row.id),
            key: row.key,
            name: row.name,
            kind: place.name(row.kind)?,
            description: row.description,
            leads: row.leads,
            version: row.version,
        })
    }
}
