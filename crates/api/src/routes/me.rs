//! `/v1/me`

use actix_web::get;
use domain::{
    firm::Firm,
    user::{PermissionLevel, User},
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    call::Call,
    http::{answer::Answer, problem::Problem},
};

/// Who is signed in, and where.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MeView {
    user: MeUserView,
    firm: MeFirmView,
}

/// The person who is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MeUserView {
    id: Uuid,
    #[schema(format = "email", example = "maya@northwind.example")]
    email: String,
    #[schema(example = "Maya Okafor")]
    full_name: String,
    permission_level: PermissionLevel,
}

/// Their firm.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MeFirmView {
    id: Uuid,
    #[schema(example = "northwind")]
    slug: String,
    #[schema(example = "Northwind Wealth")]
    name: String,
    /// IANA name.
    #[schema(example = "America/New_York")]
    time_zone: String,
}

impl MeView {
    fn new(user: &User, firm: &Firm) -> Self {
        Self {
            user: MeUserView {
                id: user.id.0,
                email: user.email.clone(),
                full_name: user.full_name.clone(),
                permission_level: user.permission_level,
            },
            firm: MeFirmView {
                id: firm.id.0,
                slug: firm.slug.clone(),
                name: firm.name.clone(),
                time_zone: firm.time_zone.name().to_owned(),
            },
        }
    }
}

/// Read who is signed in.
///
/// Everyone may, about themselves.
#[utoipa::path(responses((status = 200, description = "The caller and their firm.", body = MeView)))]
#[get("/v1/me")]
#[tracing::instrument(name = "get_me", skip_all)]
pub(crate) async fn get_me(call: Call) -> Result<Answer, Problem> {
    let catalog = call.catalog().await?;
    Answer::ok(&MeView::new(&call.caller().user, &catalog.firm))
}
