//! The questionnaire patients answer with an inquiry (R-IQ-15).

use kernel::ids::QuestionnaireSetId;
use kernel::{AppError, AppResult};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::entity::questionnaire_sets::{self, QuestionnaireSetStatus};
use crate::rules::questions::Question;

/// One published version of a questionnaire with its questions read.
#[derive(Clone, Debug)]
pub struct QuestionnaireSet {
    /// The version's row.
    pub id: QuestionnaireSetId,
    /// Number of the version.
    pub version: i32,
    /// Name of the set.
    pub name: String,
    /// All questions, also those no longer asked.
    pub questions: Vec<Question>,
}

impl QuestionnaireSet {
    /// The questions that are asked, in order.
    pub fn asked(&self) -> Vec<&Question> {
        let mut asked: Vec<_> = self.questions.iter().filter(|question| question.active).collect();
        asked.sort_by_key(|question| question.order);
        asked
    }
}

impl TryFrom<questionnaire_sets::Model> for QuestionnaireSet {
    type Error = AppError;

    fn try_from(row: questionnaire_sets::Model) -> AppResult<Self> {
        let questions = serde_json::from_value(row.questions)?;
        Ok(Self { id: row.id, version: row.version, name: row.name, questions })
    }
}

/// The set in use for inquiries, if there is one.
pub async fn active_for_inquiry(conn: &impl ConnectionTrait) -> AppResult<Option<QuestionnaireSet>> {
    let row = questionnaire_sets::Entity::find()
        .filter(questionnaire_sets::Column::IsActiveForInquiry.eq(true))
        .filter(questionnaire_sets::Column::Status.eq(QuestionnaireSetStatus::Active))
        .one(conn)
        .await?;
    row.map(QuestionnaireSet::try_from).transpose()
}

/// The set in use for inquiries, or the refusal that blocks a submission (R-IQ-15).
pub async fn require_active(conn: &impl ConnectionTrait) -> AppResult<QuestionnaireSet> {
    active_for_inquiry(conn).await?.ok_or_else(|| {
        AppError::conflict("questionnaire_unavailable", "The medical questionnaire is not available at the moment.")
    })
}
