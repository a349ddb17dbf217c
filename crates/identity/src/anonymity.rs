//! What a clinic may know of a patient (section 5.8). Provider-facing answers are built from [`MaskedPatient`] only.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use kernel::ids::{OutboxEventId, PatientId, ProviderId};
use kernel::time::age_on;
use kernel::{Actor, AppResult, Timestamp};
use platform::App;
use platform::db::Txn;
use platform::outbox::{self, Event};
use sea_orm::sea_query::{Cond, Expr, ExprTrait, Query, UnionType};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter};
use serde::Serialize;

use crate::entity::patients;
use crate::entity::patients::{AnonymizationLevel, PatientGender};
use crate::projection::{bought_aftercare, inquiries, quotes, treatment_executions};
pub use crate::rules::anonymity::Level;
use crate::rules::anonymity::{LOOKED_AFTER, effective, of_quote, summary};
pub use crate::rules::redact::{HIDDEN, redact, redact_with_names};

/// A patient as a clinic may know them; hidden members are present and null (R-ID-59).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct MaskedPatient {
    /// The level applied.
    pub anonymization_level: Level,
    /// `PAT-007`.
    pub patient_code: Option<String>,
    /// What to call the patient at this level.
    pub display_name: String,
    /// Whole years today.
    pub age: Option<u32>,
    /// Gender.
    pub gender: Option<PatientGender>,
    /// Home country, ISO 3166-1.
    pub country: Option<String>,
    /// First name, from `partial` on.
    pub first_name: Option<String>,
    /// Initial at `partial`, the name at `none`.
    pub last_name: Option<String>,
    /// Only at `none`.
    pub email: Option<String>,
    /// Only at `none`.
    pub phone_number: Option<String>,
    /// Only at `none`.
    pub birthday: Option<chrono::NaiveDate>,
    /// City, only at `none`.
    pub location: Option<String>,
    /// Only at `none`.
    pub profile_image: Option<String>,
}

#[derive(FromQueryResult)]
struct PairRow {
    id: PatientId,
    anonymization_level: AnonymizationLevel,
    identity_hold_at: Option<Timestamp>,
    deleted_at: Option<Timestamp>,
    email: String,
    provider_id: Option<ProviderId>,
    status: Option<String>,
    checked_in_at: Option<Timestamp>,
}

/// The effective level of every given patient for one clinic, in one statement (R-ID-57, 58). A patient the clinic has
/// no quote for, and does not look after, is `full`.
pub async fn levels(
    conn: &impl ConnectionTrait,
    provider: ProviderId,
    patients: &[PatientId],
) -> AppResult<HashMap<PatientId, Level>> {
    let rows = pair_rows(conn, patients, Some(provider)).await?;
    let mut pairs: HashMap<PatientId, (Level, Level, bool)> = HashMap::new();
    for row in rows {
        let pair = pairs.entry(row.id).or_insert((Level::Full, row.anonymization_level.into(), row.closed()));
        pair.0 = pair.0.max(row.opened());
    }
    Ok(pairs.into_iter().map(|(id, (pair, summary, held))| (id, effective(pair, summary, held))).collect())
}

/// The level of one patient for one clinic.
pub async fn level(conn: &impl ConnectionTrait, provider: ProviderId, patient: PatientId) -> AppResult<Level> {
    Ok(levels(conn, provider, &[patient]).await?.remove(&patient).unwrap_or_default())
}

/// Patients with the quotes of one clinic, or of all, and whether each was ever treated; and with the aftercare they bought
/// there, as if it were a quote under aftercare.
async fn pair_rows(
    conn: &impl ConnectionTrait,
    patients: &[PatientId],
    provider: Option<ProviderId>,
) -> AppResult<Vec<PairRow>> {
    if patients.is_empty() {
        return Ok(Vec::new());
    }
    let mut of_pair = Cond::all()
        .add(Expr::col((quotes::Entity, quotes::Column::InquiryId)).equals((inquiries::Entity, inquiries::Column::Id)));
    if let Some(provider) = provider {
        of_pair = of_pair.add(Expr::col((quotes::Entity, quotes::Column::ProviderId)).eq(provider));
    }
    let of_patients = || {
        let mut select = Query::select();
        select
            .column((patients::Entity, patients::Column::Id))
            .column((patients::Entity, patients::Column::AnonymizationLevel))
            .column((patients::Entity, patients::Column::IdentityHoldAt))
            .column((patients::Entity, patients::Column::DeletedAt))
            .column((patients::Entity, patients::Column::Email))
            .from(patients::Entity)
            .and_where(Expr::col((patients::Entity, patients::Column::Id)).is_in(patients.iter().copied()));
        select
    };
    let mut bought = of_patients();
    bought
        .column((bought_aftercare::Entity, bought_aftercare::Column::AssignedProviderId))
        .expr(Expr::val("aftercare"))
        .expr(Expr::val(None::<Timestamp>))
        .inner_join(
            bought_aftercare::Entity,
            Expr::col((bought_aftercare::Entity, bought_aftercare::Column::PatientId))
                .equals((patients::Entity, patients::Column::Id)),
        )
        .and_where(bought_aftercare::Column::RequestStatus.is_in(LOOKED_AFTER))
        .and_where(match provider {
            Some(provider) => bought_aftercare::Column::AssignedProviderId.eq(provider),
            None => bought_aftercare::Column::AssignedProviderId.is_not_null(),
        });
    let query = of_patients()
        .column((quotes::Entity, quotes::Column::ProviderId))
        .column((quotes::Entity, quotes::Column::Status))
        .column((treatment_executions::Entity, treatment_executions::Column::CheckedInAt))
        .left_join(
            inquiries::Entity,
            Expr::col((inquiries::Entity, inquiries::Column::PatientId))
                .equals((patients::Entity, patients::Column::Id)),
        )
        .left_join(quotes::Entity, of_pair)
        .left_join(
            treatment_executions::Entity,
            Expr::col((treatment_executions::Entity, treatment_executions::Column::QuoteId))
                .equals((quotes::Entity, quotes::Column::Id)),
        )
        .union(UnionType::All, bought)
        .to_owned();
    Ok(PairRow::find_by_statement(conn.get_database_backend().build(&query)).all(conn).await?)
}

impl PairRow {
    /// What the quote of this row opens.
    fn opened(&self) -> Level {
        self.status.as_deref().map_or(Level::Full, |status| of_quote(status, self.checked_in_at.is_some()))
    }

    /// Nobody learns who the patient is while a hold lies on them, or once they are erased.
    fn closed(&self) -> bool {
        self.identity_hold_at.is_some() || crate::patients::tells_of_erased(self.deleted_at, &self.email)
    }
}

/// What each clinic may know of a patient before a change: read with [`pairs`], compared by [`follow`].
#[must_use = "the levels before a change tell what the change did"]
pub struct Pairs {
    patient: PatientId,
    levels: BTreeMap<ProviderId, Level>,
}

/// The levels of a patient's pairs now; ask before a quote of theirs changes its status, or aftercare they bought its clinic.
pub async fn pairs(conn: &impl ConnectionTrait, patient: PatientId) -> AppResult<Pairs> {
    let rows = pair_rows(conn, &[patient], None).await?;
    let summary = rows.first().map_or(Level::Full, |row| row.anonymization_level.into());
    Ok(Pairs { patient, levels: effective_levels(&rows, summary) })
}

fn effective_levels(rows: &[PairRow], summary: Level) -> BTreeMap<ProviderId, Level> {
    let mut levels = BTreeMap::new();
    for row in rows {
        let Some(provider) = row.provider_id else { continue };
        let level: &mut Level = levels.entry(provider).or_default();
        *level = (*level).max(effective(row.opened(), summary, row.closed()));
    }
    levels
}

/// Recomputes `patients.anonymization_level` after such a change, in its transaction, and tells others of every pair whose level is another one now (R-ID-58).
///
/// A clinic's answer applies the stricter of this column and its own relationship, so a change that forgot to call this
/// hides too much and never too little.
pub async fn follow(txn: &Txn, app: &App, actor: &Actor, before: Pairs) -> AppResult<Level> {
    let rows = pair_rows(txn, &[before.patient], None).await?;
    let summary = write_summary(txn, before.patient, &rows).await?;
    let after = effective_levels(&rows, summary);
    // A clinic that does not look after the patient any more stands in the levels of before only.
    let clinics: BTreeSet<ProviderId> = before.levels.keys().chain(after.keys()).copied().collect();
    for provider in clinics {
        let of = |levels: &BTreeMap<ProviderId, Level>| levels.get(&provider).copied().unwrap_or_default();
        let (old, new) = (of(&before.levels), of(&after));
        if old == new {
            continue;
        }
        let event = Event::new("patient.anonymization_changed", "Patient", before.patient)
            // A pair opens and closes more than once; the status of the quote lets each change happen once.
            .occurrence(OutboxEventId::new())
            .with("patient_id", before.patient)
            .with("provider_id", provider)
            .with("old", old)
            .with("new", new);
        outbox::emit(txn, app, actor, event).await?;
    }
    Ok(summary)
}

/// Recomputes `patients.anonymization_level` and tells nobody: what [`follow`] does for changes of quotes.
pub async fn refresh_patient_level(conn: &impl ConnectionTrait, patient: PatientId) -> AppResult<Level> {
    let rows = pair_rows(conn, &[patient], None).await?;
    write_summary(conn, patient, &rows).await
}

async fn write_summary(conn: &impl ConnectionTrait, patient: PatientId, rows: &[PairRow]) -> AppResult<Level> {
    let Some(first) = rows.first() else { return Ok(Level::Full) };
    let before = Level::from(first.anonymization_level);
    let after = summary(rows.iter().map(PairRow::opened), first.closed());
    if after != before {
        patients::Entity::update_many()
            .col_expr(patients::Column::AnonymizationLevel, Expr::value(AnonymizationLevel::from(after)))
            .filter(patients::Column::Id.eq(patient))
            .exec(conn)
            .await?;
    }
    Ok(after)
}

/// The patient at that level, for clinic staff with clinical rights. Billing staff: [`mask_for`].
pub fn mask(app: &App, patient: &patients::Model, level: Level) -> AppResult<MaskedPatient> {
    let code = patient.patient_code.clone();
    let initial = || patient.last_name.chars().next().map(|c| format!("{}.", c.to_uppercase()));
    let (first_name, last_name) = match level {
        Level::Full => (None, None),
        Level::Partial => (Some(patient.first_name.clone()), initial()),
        Level::None => (Some(patient.first_name.clone()), Some(patient.last_name.clone())),
    };
    let display_name = match (&first_name, &last_name) {
        (Some(first), Some(last)) => format!("{first} {last}"),
        _ => format!("Patient {}", code.as_deref().unwrap_or("?")),
    };
    let open = level == Level::None;
    Ok(MaskedPatient {
        anonymization_level: level,
        patient_code: code,
        display_name,
        age: patient.birthday.and_then(|birthday| age_on(birthday, app.now().date_naive())),
        gender: patient.gender,
        country: patient.country_code.clone(),
        first_name,
        last_name,
        email: open.then(|| patient.email.clone()),
        phone_number: if open { open_phone(app, patient) } else { None },
        birthday: if open { patient.birthday } else { None },
        location: if open { patient.location.clone() } else { None },
        profile_image: if open { patient.profile_image.clone() } else { None },
    })
}

/// The patient at that level, as this member of the clinic may see them: billing staff get code, country and the name
/// of the level, and nothing else.
pub fn mask_for(app: &App, actor: &Actor, patient: &patients::Model, level: Level) -> AppResult<MaskedPatient> {
    let masked = mask(app, patient, level)?;
    if actor.role.as_deref() != Some("provider_billing") {
        return Ok(masked);
    }
    Ok(MaskedPatient {
        age: None,
        gender: None,
        email: None,
        phone_number: None,
        birthday: None,
        location: None,
        profile_image: None,
        ..masked
    })
}

/// One unreadable record must not end a whole list: the field is null and the fault is in the log.
pub(crate) fn open_phone(app: &App, patient: &patients::Model) -> Option<String> {
    app.keys.open_opt(patient.phone_number.as_ref()).unwrap_or_else(|error| {
        tracing::error!(patient.id = %patient.id, %error, "phone number cannot be decrypted");
        None
    })
}
