//! The medical side of a case: what is sealed, how urgent it is, who acknowledged it.

use std::collections::HashMap;

use catalogue::rules::questions::Topic;
use kernel::ids::{InquiryId, InquiryProviderId, MedicalHistoryId, PatientId, ProviderId, QuestionnaireId};
use kernel::{AppError, AppResult, Timestamp};
use platform::App;
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Set};
use serde_json::Value;

use crate::distribution;
use crate::entity::medical_histories;
use crate::entity::questionnaires::{self, QuestionnaireContext};
use crate::rules::alert::{AlertLevel, Answer, Assessment, CriticalCondition};

/// How urgent a case is, and whether one clinic has acknowledged it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alert {
    /// The level.
    pub level: AlertLevel,
    /// Which answers it comes from.
    pub revision: i32,
    /// Whether the clinic acknowledged exactly these answers.
    pub acknowledged: bool,
}

impl Alert {
    /// Whether the clinic must acknowledge before it can send a quote (R-IQ-20).
    pub fn blocks(&self) -> bool {
        self.level == AlertLevel::Critical && !self.acknowledged
    }

    /// 409 `alert_ack_required` while [`Alert::blocks`].
    pub fn check(&self) -> AppResult<()> {
        if self.blocks() {
            return Err(AppError::conflict(
                "alert_ack_required",
                "Acknowledge the medical alert before you send a quote.",
            ));
        }
        Ok(())
    }
}

/// The alert of a case as one clinic must treat it; 404 when the case is not the clinic's.
pub async fn alert(
    conn: &impl ConnectionTrait,
    app: &App,
    inquiry: InquiryId,
    provider: ProviderId,
) -> AppResult<Alert> {
    let row = distribution::assigned(conn, inquiry, provider).await?;
    let history = history(conn, inquiry).await?;
    let level = level_of(app, &history)?;
    let acknowledged = row.critical_ack_at.is_some() && row.critical_ack_revision == Some(history.revision);
    Ok(Alert { level, revision: history.revision, acknowledged })
}

/// How urgent the case is.
pub async fn level(conn: &impl ConnectionTrait, app: &App, inquiry: InquiryId) -> AppResult<AlertLevel> {
    level_of(app, &history(conn, inquiry).await?)
}

pub(crate) async fn history(conn: &impl ConnectionTrait, inquiry: InquiryId) -> AppResult<medical_histories::Model> {
    medical_histories::Entity::find()
        .filter(medical_histories::Column::InquiryId.eq(inquiry))
        .one(conn)
        .await?
        .ok_or_else(AppError::not_found)
}

/// The level of a row, from its blind index: nothing else is opened.
pub(crate) fn level_of(app: &App, history: &medical_histories::Model) -> AppResult<AlertLevel> {
    let indexed = [AlertLevel::Critical, AlertLevel::Standard, AlertLevel::None]
        .into_iter()
        .find(|level| history.alert_level_index.as_deref() == Some(level_index(app, *level).as_str()));
    match indexed {
        Some(level) => Ok(level),
        // Rows of before the index, or an index key that is being changed.
        None => AlertLevel::from_name(&app.keys.open(&history.alert_level)?)
            .ok_or_else(|| AppError::internal("unknown alert level")),
    }
}

/// The levels of a page of cases. One that cannot be read ends no list: it is left out and the fault is in the log.
pub(crate) async fn levels_of(
    app: &App,
    ids: impl IntoIterator<Item = InquiryId>,
) -> AppResult<HashMap<InquiryId, AlertLevel>> {
    let rows = medical_histories::Entity::find()
        .filter(medical_histories::Column::InquiryId.is_in(ids))
        .all(app.db.conn())
        .await?;
    let readable = |row: &medical_histories::Model| match level_of(app, row) {
        Ok(level) => Some((row.inquiry_id, level)),
        Err(error) => {
            tracing::error!(inquiry.id = %row.inquiry_id, %error, "the alert level cannot be decrypted");
            None
        }
    };
    Ok(rows.iter().filter_map(readable).collect())
}

/// The blind index of a level (identity 5.9).
pub(crate) fn level_index(app: &App, level: AlertLevel) -> String {
    app.keys.blind_index("medical_histories.alert_level", level.name())
}

/// The sealed part of a case, opened.
#[derive(Clone, Debug)]
pub struct Opened {
    /// Whole years at submission.
    pub age: Option<i64>,
    /// How urgent.
    pub level: AlertLevel,
    /// Which answers.
    pub revision: i32,
    /// What turned it red.
    pub critical: Vec<CriticalCondition>,
    /// All answers.
    pub answers: Vec<Answer>,
    /// By column.
    pub conditions: Option<String>,
    /// By column.
    pub medications: Option<String>,
    /// By column.
    pub allergies: Option<String>,
    /// By column.
    pub previous_surgeries: Option<String>,
    /// As the patient said.
    pub smoking_status: Option<String>,
    /// As the patient said.
    pub alcohol_consumption: Option<String>,
    /// As the patient said.
    pub family_history: Option<String>,
    /// Whether staff asked the patient to answer again.
    pub reopened_at: Option<Timestamp>,
}

/// The medical history of a case and the form it was filled from, in one statement.
pub(crate) async fn history_with_form(
    conn: &impl ConnectionTrait,
    inquiry: InquiryId,
) -> AppResult<(medical_histories::Model, Option<questionnaires::Model>)> {
    medical_histories::Entity::find()
        .find_also_related(questionnaires::Entity)
        .filter(medical_histories::Column::InquiryId.eq(inquiry))
        .one(conn)
        .await?
        .ok_or_else(AppError::not_found)
}

/// Opens everything. The caller has checked the reader and writes the audit row.
pub(crate) fn unseal(
    app: &App,
    row: &medical_histories::Model,
    form: Option<&questionnaires::Model>,
) -> AppResult<Opened> {
    let keys = &app.keys;
    let text = |sealed: &Option<kernel::Sealed<String>>| sealed.as_ref().map(|value| keys.open(value)).transpose();
    let answers = match form {
        Some(form) => serde_json::from_value(keys.open(&form.answers)?)?,
        None => Vec::new(),
    };
    let critical = match &row.critical_conditions {
        Some(sealed) => serde_json::from_value(keys.open(sealed)?)?,
        None => Vec::new(),
    };
    Ok(Opened {
        age: row.age.as_ref().map(|age| keys.open(age)).transpose()?,
        level: level_of(app, row)?,
        revision: row.revision,
        critical,
        answers,
        conditions: text(&row.medical_conditions)?,
        medications: text(&row.medications)?,
        allergies: text(&row.allergies)?,
        previous_surgeries: text(&row.previous_surgeries)?,
        smoking_status: text(&row.smoking_status)?,
        alcohol_consumption: text(&row.alcohol_consumption)?,
        family_history: text(&row.family_history)?,
        reopened_at: row.reopened_at,
    })
}

/// Which set was answered.
pub(crate) struct Answered {
    /// The set's row.
    pub set: kernel::ids::QuestionnaireSetId,
    /// Its version.
    pub version: i32,
}

/// What the patient says about habits and family; optional.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Habits {
    pub smoking_status: Option<String>,
    pub alcohol_consumption: Option<String>,
    pub family_history: Option<String>,
}

/// What the patient said about habits and family, opened.
pub(crate) fn habits_of(app: &App, row: &medical_histories::Model) -> AppResult<Habits> {
    let text = |sealed: &Option<kernel::Sealed<String>>| sealed.as_ref().map(|it| app.keys.open(it)).transpose();
    Ok(Habits {
        smoking_status: text(&row.smoking_status)?,
        alcohol_consumption: text(&row.alcohol_consumption)?,
        family_history: text(&row.family_history)?,
    })
}

/// Writes the filled form as one revision of an inquiry; answers and level are sealed.
pub(crate) async fn insert_form(
    conn: &impl ConnectionTrait,
    app: &App,
    owner: (PatientId, InquiryId),
    set: &Answered,
    revision: i32,
    assessment: &Assessment,
) -> AppResult<QuestionnaireId> {
    let now = app.now();
    let id = QuestionnaireId::new();
    questionnaires::ActiveModel {
        id: Set(id),
        patient_id: Set(owner.0),
        inquiry_id: Set(Some(owner.1)),
        context: Set(QuestionnaireContext::Inquiry),
        questionnaire_set_id: Set(Some(set.set)),
        set_version: Set(Some(set.version)),
        revision: Set(revision),
        answers: Set(app.keys.seal::<Value>(&serde_json::to_value(&assessment.answers)?)),
        alert_level: Set(Some(app.keys.seal(&assessment.level.name().to_owned()))),
        submitted_at: Set(Some(now)),
        created_at: Set(now),
        updated_at: Set(now),
    }
    .insert(conn)
    .await?;
    Ok(id)
}

/// The columns of a medical history that follow from the answers, sealed.
pub(crate) fn clinical_columns(
    app: &App,
    form: QuestionnaireId,
    assessment: &Assessment,
) -> AppResult<medical_histories::ActiveModel> {
    let keys = &app.keys;
    let topic = |topic| assessment.topic(topic).map(|text| keys.seal(&text));
    Ok(medical_histories::ActiveModel {
        medical_conditions: Set(topic(Topic::Conditions)),
        medications: Set(topic(Topic::Medications)),
        allergies: Set(topic(Topic::Allergies)),
        previous_surgeries: Set(topic(Topic::Surgeries)),
        critical_conditions: Set(Some(keys.seal::<Value>(&serde_json::to_value(&assessment.critical)?))),
        alert_level: Set(keys.seal(&assessment.level.name().to_owned())),
        alert_level_index: Set(Some(level_index(app, assessment.level))),
        questionnaire_id: Set(Some(form)),
        updated_at: Set(app.now()),
        ..Default::default()
    })
}

/// Writes the medical history of a new inquiry.
pub(crate) async fn insert_history(
    conn: &impl ConnectionTrait,
    app: &App,
    inquiry: InquiryId,
    age: Option<i64>,
    habits: &Habits,
    columns: medical_histories::ActiveModel,
) -> AppResult<()> {
    let keys = &app.keys;
    let text = |value: &Option<String>| value.as_ref().map(|value| keys.seal(value));
    medical_histories::ActiveModel {
        id: Set(MedicalHistoryId::new()),
        inquiry_id: Set(inquiry),
        age: Set(age.map(|age| keys.seal(&age))),
        smoking_status: Set(text(&habits.smoking_status)),
        alcohol_consumption: Set(text(&habits.alcohol_consumption)),
        family_history: Set(text(&habits.family_history)),
        revision: Set(1),
        reopened_at: Set(None),
        reopened_by: Set(None),
        reopen_reason: Set(None),
        created_at: Set(app.now()),
        ..columns
    }
    .insert(conn)
    .await?;
    Ok(())
}

/// The clinic's acknowledgment of a red alert: who, when, of which answers (R-IQ-20).
pub(crate) async fn acknowledge(
    conn: &impl ConnectionTrait,
    app: &App,
    row: InquiryProviderId,
    by: kernel::ids::ProviderUserId,
    revision: i32,
) -> AppResult<()> {
    use crate::entity::inquiry_providers as rows;
    rows::Entity::update_many()
        .set(rows::ActiveModel {
            critical_ack_at: Set(Some(app.now())),
            critical_ack_by: Set(Some(by)),
            critical_ack_revision: Set(Some(revision)),
            updated_at: Set(app.now()),
            ..Default::default()
        })
        .filter(rows::Column::Id.eq(row))
        .exec(conn)
        .await?;
    Ok(())
}
