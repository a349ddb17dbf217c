//! How many of those a text is for have agreed to it, and who has not (R-CM-85).

use identity::entity::account_states::{self as states, AccountState};
use identity::entity::legal_acceptances::{self as others, LegalAcceptanceAction};
use identity::entity::patient_consents::{self as consents, PatientConsentAction};
use identity::entity::provider_users::{self as members, ProviderUserStatus};
use identity::entity::{patients, users};
use kernel::ids::{AnyId, LegalDocumentId};
use kernel::{Actor, AppError, AppResult, Guard};
use platform::App;
use platform::audit::{self, Entry};
use promotions::entity::affiliates::{self, AffiliateStatus};
use sea_orm::sea_query::{Asterisk, CaseStatement, Expr, ExprTrait, IntoColumnRef, Query, SelectStatement, SimpleExpr};
use sea_orm::{ActiveEnum, ConnectionTrait, FromQueryResult};
use serde::Serialize;

use super::documents::{find, may_read};
use super::kept;
use super::rules::{self, Series};
use crate::entity::terms_and_conditions::{LegalDocumentAudience as Audience, LegalDocumentType as Type};

/// Rows of one piece of a list.
const PIECE: u64 = 500;

/// The kinds of accounts that agree to texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Patient,
    Member,
    Staff,
    Affiliate,
}

impl Kind {
    const ALL: [Self; 4] = [Self::Patient, Self::Member, Self::Staff, Self::Affiliate];

    /// The word of `*_type` columns.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Patient => "Patient",
            Self::Member => "ProviderUser",
            Self::Staff => "User",
            Self::Affiliate => "Affiliate",
        }
    }

    fn audience(self) -> Option<Audience> {
        match self {
            Self::Patient => Some(Audience::Patient),
            Self::Member => Some(Audience::Provider),
            Self::Affiliate => Some(Audience::Affiliate),
            Self::Staff => None,
        }
    }

    fn id(self) -> SimpleExpr {
        match self {
            Self::Patient => column((patients::Entity, patients::Column::Id)),
            Self::Member => column((members::Entity, members::Column::Id)),
            Self::Staff => column((users::Entity, users::Column::Id)),
            Self::Affiliate => column((affiliates::Entity, affiliates::Column::Id)),
        }
    }

    fn email(self) -> SimpleExpr {
        match self {
            Self::Patient => column((patients::Entity, patients::Column::Email)),
            Self::Member => column((members::Entity, members::Column::Email)),
            Self::Staff => column((users::Entity, users::Column::Email)),
            Self::Affiliate => column((affiliates::Entity, affiliates::Column::Email)),
        }
    }

    /// The accounts of this kind that can sign in.
    fn active(self) -> SelectStatement {
        let mut query = Query::select();
        let by_state = |query: &mut SelectStatement, guard: Guard| {
            let state = Query::select()
                .expr(Expr::val(1))
                .from(states::Entity)
                .and_where(Expr::col((states::Entity, states::Column::ModelType)).eq(guard.model_type()))
                .and_where(Expr::col((states::Entity, states::Column::ModelId)).eq(self.id()))
                .and_where(Expr::col((states::Entity, states::Column::State)).eq(AccountState::Active.to_value()))
                .to_owned();
            query.and_where(Expr::exists(state));
        };
        match self {
            Self::Patient => {
                query.from(patients::Entity);
                by_state(&mut query, Guard::Patient);
            }
            Self::Staff => {
                query.from(users::Entity);
                by_state(&mut query, Guard::Api);
            }
            Self::Member => {
                query
                    .from(members::Entity)
                    .and_where(Expr::col((members::Entity, members::Column::DeletedAt)).is_null())
                    .and_where(Expr::col((members::Entity, members::Column::CanLogin)).eq(true))
                    .and_where(
                        Expr::col((members::Entity, members::Column::Status)).eq(ProviderUserStatus::Active.to_value()),
                    );
            }
            Self::Affiliate => {
                query
                    .from(affiliates::Entity)
                    .and_where(Expr::col((affiliates::Entity, affiliates::Column::DeletedAt)).is_null())
                    .and_where(
                        Expr::col((affiliates::Entity, affiliates::Column::Status))
                            .eq(AffiliateStatus::Active.to_value()),
                    );
            }
        }
        query
    }

    /// Whether the account agreed to one of these rows.
    fn agreed(self, series: &Series) -> SimpleExpr {
        let enough = series.enough();
        let kinds: Vec<String> = series.consents().iter().take(1).map(ActiveEnum::to_value).collect();
        let mut query = Query::select();
        query.expr(Expr::val(1));
        if self == Self::Patient {
            use consents::Column;
            query
                .from(consents::Entity)
                .and_where(Expr::col((consents::Entity, Column::PatientId)).eq(self.id()))
                .and_where(Expr::col((consents::Entity, Column::ConsentType)).is_in(kinds))
                .and_where(Expr::col((consents::Entity, Column::Action)).eq(PatientConsentAction::Granted.to_value()))
                .and_where(Expr::col((consents::Entity, Column::TermsAndConditionsId)).is_in(enough));
        } else {
            use others::Column;
            query
                .from(others::Entity)
                .and_where(Expr::col((others::Entity, Column::HolderType)).eq(self.word()))
                .and_where(Expr::col((others::Entity, Column::HolderId)).eq(self.id()))
                .and_where(Expr::col((others::Entity, Column::ConsentType)).is_in(kinds))
                .and_where(Expr::col((others::Entity, Column::Action)).eq(LegalAcceptanceAction::Granted.to_value()))
                .and_where(Expr::col((others::Entity, Column::TermsAndConditionsId)).is_in(enough));
        }
        Expr::exists(query)
    }
}

fn column(name: impl IntoColumnRef) -> SimpleExpr {
    Expr::col(name)
}

/// The kinds of accounts a series is for. One for all is for those without a document of their own.
pub(super) fn kinds_of(all: &[Series], series: &Series) -> Vec<Kind> {
    let has_own = |kind: &Kind| {
        let own = kind.audience();
        own.is_some() && all.iter().any(|other| other.kind == series.kind && Some(other.audience) == own)
    };
    Kind::ALL
        .into_iter()
        .filter(|kind| match series.audience {
            Audience::All => !has_own(kind),
            own => kind.audience() == Some(own),
        })
        // Only patients consent to what is done with their medical data.
        .filter(|kind| series.kind != Type::ConsentForm || *kind == Kind::Patient)
        .collect()
}

/// How far a text has come.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Coverage {
    /// Accounts it is for.
    #[schema(example = 200)]
    pub active: u64,
    /// Of those, who agreed to the governing version or a later one.
    #[schema(example = 150)]
    pub accepted: u64,
    /// The share in percent with one decimal, half up; null without accounts.
    #[schema(example = "75.0")]
    pub percent: Option<String>,
}

impl Coverage {
    fn of(active: u64, accepted: u64) -> Self {
        let tenths = (accepted * 2000 + active).checked_div(active * 2);
        Self { active, accepted, percent: tenths.map(|tenths| format!("{}.{}", tenths / 10, tenths % 10)) }
    }

    /// Whether fewer than 95 percent agreed. Of nobody, nobody is missing.
    pub(super) fn is_low(&self) -> bool {
        self.accepted * 100 < self.active * 95
    }
}

async fn series_of(app: &App, id: LegalDocumentId) -> AppResult<(Vec<Series>, Series)> {
    let row = find(app.db.conn(), id).await?;
    let all = rules::series(&kept::lines(app.db.conn()).await?, app.now());
    let series = all.iter().find(|series| (series.kind, series.audience) == (row.document_type, row.audience)).cloned();
    let series = series
        .filter(|series| !series.consents().is_empty())
        .ok_or_else(|| AppError::conflict("document_not_in_force", "Nobody is asked to agree to this document yet."))?;
    Ok((all, series))
}

/// The coverage of the document a row belongs to, as it is in force now.
///
/// Errors: 403 without `manage_terms` or `publish_terms`; 404; 409 `document_not_in_force`.
pub async fn coverage(app: &App, actor: &Actor, id: LegalDocumentId) -> AppResult<Coverage> {
    may_read(actor)?;
    let (all, series) = series_of(app, id).await?;
    counted(app.replica.conn(), &all, &series).await
}

/// The coverage of a series: one statement for each kind of account it is for.
pub(super) async fn counted(conn: &impl ConnectionTrait, all: &[Series], series: &Series) -> AppResult<Coverage> {
    let (mut active, mut accepted) = (0, 0);
    for kind in kinds_of(all, series) {
        let counted: SimpleExpr = CaseStatement::new().case(kind.agreed(series), 1).into();
        let mut query = kind.active();
        query.expr_as(Expr::col(Asterisk).count(), "active").expr_as(counted.count(), "accepted");
        let Some(row) = conn.query_one(&query).await? else { continue };
        active += u64::try_from(row.try_get::<i64>("", "active")?).unwrap_or(0);
        accepted += u64::try_from(row.try_get::<i64>("", "accepted")?).unwrap_or(0);
    }
    Ok(Coverage::of(active, accepted))
}

/// An account that has not agreed yet.
#[derive(Clone, Debug, FromQueryResult)]
pub(super) struct Holder {
    pub(super) id: AnyId,
    pub(super) email: String,
}

/// The next accounts that have not agreed, by id.
pub(super) async fn pending(
    conn: &impl ConnectionTrait,
    series: &Series,
    kind: Kind,
    after: Option<AnyId>,
) -> AppResult<Vec<Holder>> {
    let mut query = kind.active();
    query
        .expr_as(kind.id(), "id")
        .expr_as(kind.email(), "email")
        .and_where(kind.agreed(series).not())
        .order_by_expr(kind.id(), sea_orm::Order::Asc)
        .limit(PIECE);
    if let Some(after) = after {
        query.and_where(kind.id().gt(after.to_string()));
    }
    if series.kind == Type::ConsentForm {
        // Nobody has to consent who never did.
        let granted = Query::select()
            .expr(Expr::val(1))
            .from(consents::Entity)
            .and_where(Expr::col((consents::Entity, consents::Column::PatientId)).eq(kind.id()))
            .and_where(
                Expr::col((consents::Entity, consents::Column::ConsentType))
                    .is_in(series.consents().iter().map(ActiveEnum::to_value)),
            )
            .to_owned();
        query.and_where(Expr::exists(granted));
    }
    Ok(Holder::find_by_statement(conn.get_database_backend().build(&query)).all(conn).await?)
}

/// The list of those who have not agreed, read piece by piece.
pub struct Export {
    app: App,
    series: Series,
    kinds: Vec<Kind>,
    after: Option<AnyId>,
    begun: bool,
}

/// Begins the list of those who have not agreed; that it was taken is recorded.
///
/// Errors: 403 without `manage_terms`; 404; 409 `document_not_in_force`.
pub async fn export(app: &App, actor: &Actor, id: LegalDocumentId) -> AppResult<Export> {
    actor.admin()?;
    actor.require(kernel::Permission::ManageTerms)?;
    let (all, series) = series_of(app, id).await?;
    audit::record(app.db.conn(), app, actor, Entry::new("legal.pending_exported").subject("LegalDocument", id)).await?;
    let mut kinds = kinds_of(&all, &series);
    kinds.reverse();
    Ok(Export { app: app.clone(), series, kinds, after: None, begun: false })
}

impl Export {
    /// The next piece; `None` at the end.
    pub async fn next(&mut self) -> AppResult<Option<String>> {
        let mut text = String::new();
        if !self.begun {
            self.begun = true;
            text += &platform::csv::line(["holder_type", "holder_id", "email"]);
        }
        let Some(kind) = self.kinds.last().copied() else { return Ok(Some(text).filter(|text| !text.is_empty())) };
        let found = pending(self.app.replica.conn(), &self.series, kind, self.after).await?;
        self.after = found.last().map(|holder| holder.id);
        if (found.len() as u64) < PIECE {
            self.kinds.pop();
            self.after = None;
        }
        for holder in found {
            text += &platform::csv::line([kind.word(), &holder.id.to_string(), &holder.email]);
        }
        Ok(Some(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_cm_85_shares_have_one_decimal_half_up() {
        let share = |active, accepted| Coverage::of(active, accepted).percent;
        assert_eq!(share(200, 150).as_deref(), Some("75.0"));
        assert_eq!(share(3, 1).as_deref(), Some("33.3"));
        assert_eq!(share(2000, 1).as_deref(), Some("0.1"));
        assert_eq!(share(0, 0), None);
    }
}
