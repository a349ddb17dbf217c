//! The work a member of a clinic leaves behind when suspended or removed (R-ID-55).
//!
//! Inquiries, quotes, appointments and threads belong to wings above this one. Each brings a [`WorkSource`]; the server
//! puts them together and lays them around the routes, where handlers find them as [`Work`].

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use futures::future::BoxFuture;
use kernel::ids::{ProviderId, ProviderUserId};
use kernel::permission::Permission;
use kernel::{Actor, AppResult};
use platform::App;
use platform::db::Txn;
use sea_orm::DatabaseExecutor;

/// Who hands over to whom.
#[derive(Clone, Copy, Debug)]
pub struct HandOver {
    /// The clinic.
    pub provider: ProviderId,
    /// Who leaves.
    pub from: ProviderUserId,
    /// Who takes over; nobody leaves the work without a name on it, for whoever picks it up.
    pub to: Option<ProviderUserId>,
}

/// Open work of every member of a clinic.
pub type Counts<'a> = BoxFuture<'a, AppResult<Vec<(ProviderUserId, u64)>>>;

/// One kind of work that has a member's name on it.
#[derive(Clone, Copy)]
pub struct WorkSource {
    /// Its stable name, in requests, answers and texts: `draft_quotes`.
    pub kind: &'static str,
    /// What somebody must hold to take it over.
    pub needs: Permission,
    /// Counts it for all members of a clinic, in one statement.
    pub count: for<'a> fn(&'a DatabaseExecutor<'a>, ProviderId) -> Counts<'a>,
    /// Hands it over, in the transaction of the suspension or removal.
    pub hand_over: for<'a> fn(&'a Txn, &'a App, &'a Actor, HandOver) -> BoxFuture<'a, AppResult<()>>,
}

/// Every kind of work the installation knows.
#[derive(Clone, Default)]
pub struct Work(Arc<[WorkSource]>);

impl Work {
    /// These kinds, in this order.
    pub fn of(sources: impl IntoIterator<Item = WorkSource>) -> Self {
        Self(sources.into_iter().collect())
    }

    /// The kinds.
    pub fn sources(&self) -> &[WorkSource] {
        &self.0
    }

    /// Open work of the clinic's members: one statement per kind.
    pub(crate) async fn open(
        &self,
        conn: &DatabaseExecutor<'_>,
        provider: ProviderId,
    ) -> AppResult<Vec<(&'static str, ProviderUserId, u64)>> {
        let mut found = Vec::new();
        for source in self.sources() {
            let counted = (source.count)(conn, provider).await?;
            found.extend(counted.into_iter().filter(|(_, n)| *n > 0).map(|(who, n)| (source.kind, who, n)));
        }
        Ok(found)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Work {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}
