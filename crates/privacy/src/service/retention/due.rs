//! Whose time is over: one statement for each class, and for each country whose years differ.

use aftercare::entity::{
    after_cares, aftercare_questionnaire_responses as answers, standalone_aftercare_requests as bought,
};
use analytics::entity::retention_items::{self as items, RetentionDataClass as Kept, RetentionItemOutcome as Outcome};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use directory::entity::providers;
use identity::entity::{patients, provider_users, sealed_identities as sealed};
use inquiry::entity::inquiries;
use kernel::AppResult;
use kernel::ids::{AnyId, ConversationId, PatientId, ProviderId, SealedIdentityId};
use messaging::entity::{conversations, messages};
use payments::entity::aftercare_payments::{self as charges, AftercarePaymentStatus};
use payments::entity::payments::{self as money, PaymentStatus};
use platform::App;
use platform::retention::{CLINIC_YEARS, Class, Policy, years_before};
use quoting::entity::quotes;
use sea_orm::sea_query::{Expr, ExprTrait, Func, IntoCondition, IntoTableRef, Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, EntityTrait, IntoIdentity, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use treatment::entity::treatment_executions as executions;

use crate::service::erase::ERASED;

/// What ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    /// Who an erased patient was.
    Identity(SealedIdentityId, PatientId),
    /// A patient's medical records.
    Medical(PatientId),
    /// What stands beside a patient's payments.
    Financial(PatientId),
    /// The words of a conversation.
    Conversation(ConversationId),
    /// The people of a closed clinic.
    Clinic(ProviderId),
}

impl Subject {
    /// The class, and the thing as rows name it.
    pub(super) fn named(self) -> (Kept, &'static str, AnyId) {
        match self {
            Self::Identity(_, patient) => (Kept::Account, "Patient", patient.any()),
            Self::Medical(patient) => (Kept::Medical, "Patient", patient.any()),
            Self::Financial(patient) => (Kept::Financial, "Patient", patient.any()),
            Self::Conversation(id) => (Kept::Communication, "Conversation", id.any()),
            Self::Clinic(id) => (Kept::Clinic, "Provider", id.any()),
        }
    }
}

/// The instant before which an event must lie for its years to be over today. A day too many is asked for, because of
/// 29 February: each subject is looked at again under lock.
fn before(today: NaiveDate, years: u32) -> DateTime<Utc> {
    let day = years_before(today, years);
    day.checked_add_days(Days::new(2)).unwrap_or(day).and_time(NaiveTime::MIN).and_utc()
}

/// The groups of patients whose years are alike: those of a country, and all others.
fn groups(policy: &Policy) -> Vec<(Option<String>, Condition)> {
    let own: Vec<String> = policy.countries().map(str::to_owned).collect();
    let mut found: Vec<(Option<String>, Condition)> = own
        .iter()
        .map(|country| (Some(country.clone()), patients::Column::CountryCode.eq(country).into_condition()))
        .collect();
    let others = match own.is_empty() {
        true => Condition::all(),
        false => Condition::any()
            .add(patients::Column::CountryCode.is_null())
            .add(patients::Column::CountryCode.is_not_in(own)),
    };
    found.push((None, others));
    found
}

fn of_patient(owner: impl IntoIdentity + sea_orm::sea_query::IntoColumnRef) -> Expr {
    Expr::col(owner).equals((patients::Entity, patients::Column::Id))
}

/// Whether the patient has a medical event at or after an instant.
fn treated_since(since: DateTime<Utc>) -> Condition {
    let own_quotes = Query::select()
        .expr(Expr::val(1))
        .from(executions::Entity)
        .inner_join(
            quotes::Entity,
            Expr::col((quotes::Entity, quotes::Column::Id)).equals((executions::Entity, executions::Column::QuoteId)),
        )
        .inner_join(
            inquiries::Entity,
            Expr::col((inquiries::Entity, inquiries::Column::Id)).equals((quotes::Entity, quotes::Column::InquiryId)),
        )
        .and_where(of_patient((inquiries::Entity, inquiries::Column::PatientId)))
        .cond_where(
            Condition::any()
                .add(Expr::col((executions::Entity, executions::Column::CheckedInAt)).gte(since))
                .add(Expr::col((executions::Entity, executions::Column::CompletedAt)).gte(since)),
        )
        .to_owned();
    Condition::any()
        .add(asked(Some(since)))
        .add(Expr::exists(own_quotes))
        .add(Expr::exists(
            Query::select()
                .expr(Expr::val(1))
                .from(after_cares::Entity)
                .and_where(of_patient((after_cares::Entity, after_cares::Column::PatientId)))
                .and_where(Expr::col((after_cares::Entity, after_cares::Column::UpdatedAt)).gte(since))
                .to_owned(),
        ))
        .add(Expr::exists(
            Query::select()
                .expr(Expr::val(1))
                .from(answers::Entity)
                .and_where(of_patient((answers::Entity, answers::Column::PatientId)))
                .and_where(Expr::col((answers::Entity, answers::Column::CreatedAt)).gte(since))
                .to_owned(),
        ))
}

/// A patient's rows of a table, all or those since an instant.
fn theirs<C: ColumnTrait>(
    table: impl IntoTableRef,
    (owner, at): (C, Expr),
    since: Option<DateTime<Utc>>,
) -> SelectStatement {
    let mut select = Query::select();
    select.expr(Expr::val(1)).from(table).and_where(owner.into_expr().equals((patients::Entity, patients::Column::Id)));
    if let Some(since) = since {
        select.and_where(at.gte(since));
    }
    select
}

/// Whether the patient asked for anything, ever or since an instant: a treatment, or aftercare on its own.
fn asked(since: Option<DateTime<Utc>>) -> Condition {
    use {bought::Column as Bought, inquiries::Column as Asked};
    let made = theirs(inquiries::Entity, (Asked::PatientId, Asked::CreatedAt.into_expr()), since);
    let ordered = theirs(bought::Entity, (Bought::PatientId, Bought::CreatedAt.into_expr()), since);
    Condition::any().add(Expr::exists(made)).add(Expr::exists(ordered))
}

/// Whether money of the patient moved, ever or since an instant: for a booking, or for aftercare.
fn paid(since: Option<DateTime<Utc>>) -> Condition {
    use {charges::Column as Charge, money::Column as Money};
    let when = |paid: Expr, touched: Expr| Expr::expr(Func::coalesce([paid, touched]));
    let at = when(Money::PaidAt.into_expr(), Money::UpdatedAt.into_expr());
    let mut booked = theirs(money::Entity, (Money::PatientId, at), since);
    booked.and_where(Money::PaymentStatus.is_in([PaymentStatus::Completed, PaymentStatus::Refunded]));
    let at = when(Charge::PaidAt.into_expr(), Charge::UpdatedAt.into_expr());
    let mut charged = theirs(charges::Entity, (Charge::PatientId, at), since);
    let moved = [AftercarePaymentStatus::Completed, AftercarePaymentStatus::Refunded];
    charged.and_where(Charge::PaymentStatus.is_in(moved));
    Condition::any().add(Expr::exists(booked)).add(Expr::exists(charged))
}

/// What was done to the patient's records since an instant: nothing is ended twice, unless something new came and ended.
fn ended(class: Kept, since: DateTime<Utc>) -> SelectStatement {
    Query::select()
        .expr(Expr::val(1))
        .from(items::Entity)
        .and_where(
            Expr::col((items::Entity, items::Column::SubjectId)).equals((patients::Entity, patients::Column::Id)),
        )
        .and_where(items::Column::DataClass.eq(class))
        .and_where(items::Column::Outcome.eq(Outcome::Anonymised))
        .and_where(items::Column::CreatedAt.gte(since))
        .to_owned()
}

/// Patients whose records of one class are over: of two classes the longer one counts (R-MG-80).
async fn patients_due(app: &App, policy: &Policy, class: Kept, limit: u64) -> AppResult<Vec<PatientId>> {
    let today = app.now().date_naive();
    let mut found = Vec::new();
    for (country, theirs) in groups(policy) {
        let since = |class| before(today, policy.years(class, country.as_deref()));
        let (medical, financial) = (since(Class::Medical), since(Class::Financial));
        let has = if class == Kept::Medical { asked(None) } else { paid(None) };
        let left = limit.saturating_sub(found.len() as u64);
        let some: Vec<PatientId> = patients::Entity::find()
            .select_only()
            .column(patients::Column::Id)
            .filter(theirs)
            .filter(has)
            .filter(treated_since(medical).not())
            .filter(paid(Some(financial)).not())
            .filter(Expr::exists(ended(class, Ord::max(medical, financial))).not())
            .order_by_asc(patients::Column::Id)
            .limit(left)
            .into_tuple()
            .all(app.db.conn())
            .await?;
        found.extend(some);
    }
    Ok(found)
}

/// Everything whose time is over, as much of it as one run takes.
pub(super) async fn find(app: &App, policy: &Policy, most: u64) -> AppResult<Vec<Subject>> {
    let (conn, today) = (app.db.conn(), app.now().date_naive());
    let left = |found: &[Subject]| most.saturating_sub(found.len() as u64);
    let identities: Vec<(SealedIdentityId, PatientId)> = sealed::Entity::find()
        .select_only()
        .columns([sealed::Column::Id, sealed::Column::PatientId])
        .filter(sealed::Column::DestroyedAt.is_null())
        .filter(sealed::Column::DestroyOn.lte(today))
        .order_by_asc(sealed::Column::DestroyOn)
        .order_by_asc(sealed::Column::Id)
        .limit(most)
        .into_tuple()
        .all(conn)
        .await?;
    let mut found: Vec<Subject> = identities.into_iter().map(|(id, patient)| Subject::Identity(id, patient)).collect();
    let some = patients_due(app, policy, Kept::Medical, left(&found)).await?;
    found.extend(some.into_iter().map(Subject::Medical));
    let some = patients_due(app, policy, Kept::Financial, left(&found)).await?;
    found.extend(some.into_iter().map(Subject::Financial));
    found.extend(conversations_due(app, policy, left(&found)).await?);
    let clinics: Vec<ProviderId> = providers::Entity::find()
        .select_only()
        .column(providers::Column::Id)
        .filter(providers::Column::DeactivatedAt.lt(before(today, CLINIC_YEARS)))
        .filter(Expr::exists(
            Query::select()
                .expr(Expr::val(1))
                .from(provider_users::Entity)
                .and_where(
                    Expr::col((provider_users::Entity, provider_users::Column::ProviderId))
                        .equals((providers::Entity, providers::Column::Id)),
                )
                .and_where(Expr::col((provider_users::Entity, provider_users::Column::Email)).not_like("former+%"))
                .to_owned(),
        ))
        .order_by_asc(providers::Column::Id)
        .limit(left(&found))
        .into_tuple()
        .all(conn)
        .await?;
    found.extend(clinics.into_iter().map(Subject::Clinic));
    Ok(found)
}

/// Conversations whose last message is long ago and that still hold words.
async fn conversations_due(app: &App, policy: &Policy, limit: u64) -> AppResult<Vec<Subject>> {
    let today = app.now().date_naive();
    let in_thread = || {
        let mut select = Query::select();
        select.expr(Expr::val(1)).from(messages::Entity).and_where(
            Expr::col((messages::Entity, messages::Column::ConversationId))
                .equals((conversations::Entity, conversations::Column::Id)),
        );
        select
    };
    let mut found = Vec::new();
    for (country, theirs) in groups(policy) {
        let since = before(today, policy.years(Class::Communication, country.as_deref()));
        let recent =
            in_thread().and_where(Expr::col((messages::Entity, messages::Column::CreatedAt)).gte(since)).to_owned();
        let words =
            in_thread().and_where(Expr::col((messages::Entity, messages::Column::Content)).ne(ERASED)).to_owned();
        let whose = patients::Entity::find().select_only().column(patients::Column::Id).filter(theirs).into_query();
        let some: Vec<ConversationId> = conversations::Entity::find()
            .select_only()
            .column(conversations::Column::Id)
            .filter(conversations::Column::PatientId.in_subquery(whose))
            .filter(Expr::exists(words))
            .filter(Expr::exists(recent).not())
            .order_by_asc(conversations::Column::Id)
            .limit(limit.saturating_sub(found.len() as u64))
            .into_tuple()
            .all(app.db.conn())
            .await?;
        found.extend(some.into_iter().map(Subject::Conversation));
    }
    Ok(found)
}
