//! Documents and what they are linked to.

use std::collections::BTreeMap;

use domain::{
    document::{Document, DocumentLink},
    ids::{DocumentId, DocumentLinkId, EntityId, TaskId, UserId},
    page::{Page, PageRequest},
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
    sea_query::{Expr, ExprTrait, LockType, Query, SelectStatement},
};
use uuid::Uuid;

use crate::{
    Reads, StoreError, UnitOfWork,
    batch::update_row,
    entity::{
        document::{Column, Entity, Model},
        document_link,
    },
    one_of::one_of,
};

impl Reads<'_> {
    /// One document.
    pub async fn document(&self, id: DocumentId) -> Result<Option<Document>, StoreError> {
        let row = Entity::find_by_id((self.firm_key(), id.0))
            .one(&self.connection)
            .await?;
        Ok(row.map(Document::from))
    }

    /// Those of these documents that exist.
    pub async fn documents(
        &self,
        ids: &[DocumentId],
    ) -> Result<BTreeMap<DocumentId, Document>, StoreError> {
        if ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        let rows = Entity::find()
            .filter(Column::FirmId.eq(self.firm_key()))
            .filter(one_of(Column::Id, ids.iter().map(|id| id.0)))
            .all(&self.connection)
            .await?;
        Ok(rows
            .into_iter()
            .map(|row| (DocumentId(row.id), Document::from(row)))
            .collect())
    }

    /// What these documents are linked to, oldest link first.
    pub async fn document_links(
        &self,
        ids: &[DocumentId],
    ) -> Result<Vec<DocumentLink>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let rows = document_link::Entity::find()
            .filter(document_link::Column::FirmId.eq(self.firm_key()))
            .filter(one_of(
                document_link::Column::DocumentId,
                ids.iter().map(|id| id.0),
            ))
            .order_by_asc(document_link::Column::Id)
            .all(&self.connection)
            .await?;
        Ok(rows.into_iter().map(DocumentLink::from).collect())
    }

    /// A page of the documents that are an entity's or are linked to it, newest first.
    pub async fn list_documents(
        &self,
        entity: EntityId,
        page: PageRequest<DocumentId>,
    ) -> Result<Page<Document, DocumentId>, StoreError> {
        let own_or_linked = Condition::any()
            .add(Column::EntityId.eq(entity.0))
            .add(Expr::col((Entity, Column::Id)).in_subquery(linked(self.firm_key(), entity)));
        self.page_of_documents(own_or_linked, page).await
    }

    /// A page of the documents that were linked by a task for this entity, newest first.
    pub async fn list_documents_of_task(
        &self,
        entity: EntityId,
        task: TaskId,
        page: PageRequest<DocumentId>,
    ) -> Result<Page<Document, DocumentId>, StoreError> {
        let mut by_task = linked(self.firm_key(), entity);
        by_task.and_where(document_link::Column::TaskId.eq(task.0));
        let condition = Condition::all().add(Expr::col((Entity, Column::Id)).in_subquery(by_task));
        self.page_of_documents(condition, page).await
    }

    async fn page_of_documents(
        &self,
        condition: Condition,
        page: PageRequest<DocumentId>,
    ) -> Result<Page<Document, DocumentId>, StoreError> {
        let mut query = Entity::find()
            .filter(Column::FirmId.eq(self.firm_key()))
            .filter(condition)
            .order_by_desc(Column::Id)
            .limit(u64::from(page.limit) + 1);
        let total = self.total(&query, &page).await?;
        if let Some(place) = page.after {
            query = query.filter(Column::Id.lt(place.0));
        }
        let rows = query.all(&self.connection).await?;
        let items = rows.into_iter().map(Document::from).collect();
        Ok(
            Page::from_overfetch(items, page.limit, |document: &Document| document.id)
                .counted(total),
        )
    }
}

/// Ids of the documents that are linked to an entity.
fn linked(firm: Uuid, entity: EntityId) -> SelectStatement {
    Query::select()
        .column(document_link::Column::DocumentId)
        .from(document_link::Entity)
        .and_where(document_link::Column::FirmId.eq(firm))
        .and_where(document_link::Column::EntityId.eq(entity.0))
        .to_owned()
}

impl UnitOfWork {
    /// Reads a document and holds it until the end.
    pub async fn lock_document(&self, id: DocumentId) -> Result<Option<Document>, StoreError> {
        let row = Entity::find_by_id((self.firm_id().0, id.0))
            .lock(LockType::NoKeyUpdate)
            .one(&self.connection())
            .await?;
        Ok(row.map(Document::from))
    }

    /// Queues a new document.
    pub fn insert_document(&mut self, document: &Document) {
        self.insert([model(self.firm_id().0, document)]);
    }

    /// Queues the present state of a known document.
    pub fn update_document(&mut self, document: &Document) {
        let row = model(self.firm_id().0, document);
        self.queue(update_row(&row.into_active_model()));
    }

    /// Queues new links of documents.
    pub fn insert_document_links(&mut self, links: &[DocumentLink]) {
        let now = self.ambient().now();
        let rows: Vec<_> = links
            .iter()
            .map(|link| document_link::Model {
                firm_id: self.firm_id().0,
                id: link.id.0,
                document_id: link.document_id.0,
                entity_id: link.entity_id.0,
                task_id: link.task_id.map(Uuid::from),
                name: link.name.clone(),
                linked_at: now,
            })
            .collect();
        self.insert(rows);
    }

    /// Queues the removal of links of documents.
    pub(crate) fn delete_document_links(&mut self, links: &[DocumentLink]) {
        if links.is_empty() {
            return;
        }
        let ids = links.iter().map(|link| link.id.0);
        self.queue(
            document_link::Entity::delete_many()
                .filter(document_link::Column::FirmId.eq(self.firm_id().0))
                .filter(one_of(document_link::Column::Id, ids))
                .into_query(),
        );
    }
}

fn model(firm: Uuid, document: &Document) -> Model {
    Model {
        firm_id: firm,
        id: document.id.0,
        name: document.name.clone(),
        media_type: document.media_type.clone(),
        size: document.size,
        sha256: document.sha256.clone(),
        entity_id: document.entity_id.map(Uuid::from),
        uploaded_by: document.uploaded_by.map(Uuid::from),
        created_at: document.created_at,
    }
}

impl From<Model> for Document {
    fn from(m: Model) -> Self {
        Self {
            id: DocumentId(m.id),
            name: m.name,
            media_type: m.media_type,
            size: m.size,
            sha256: m.sha256,
            entity_id: m.entity_id.map(EntityId),
            uploaded_by: m.uploaded_by.map(UserId),
            created_at: m.created_at,
        }
    }
}

impl From<document_link::Model> for DocumentLink {
    fn from(m: document_link::Model) -> Self {
        Self {
            id: DocumentLinkId(m.id),
            document_id: DocumentId(m.document_id),
            entity_id: EntityId(m.entity_id),
            task_id: m.task_id.map(TaskId),
            name: m.name,
        }
    }
}
