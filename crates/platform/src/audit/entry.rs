//! Writing an entry.

use std::fmt::Display;

use chrono::Months;
use kernel::actor::Actor;
use kernel::ids::{AnyId, PatientId, ProviderId, QuoteId};
use kernel::{ActorKind, AppError, AppResult, ErrorKind};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{ConnectionTrait, DbErr, EntityTrait};
use serde_json::Value as Json;

use super::mask;
use crate::App;
use crate::db::is_transient;
use crate::entity::audit_logs::{ActiveModel, AuditLogActorType, AuditLogOutcome, Entity};
use crate::retention;

/// Audit entries are kept at least this long (R-MG-80); a setting lengthens it.
const YEARS: u32 = 10;

/// What happened, ready to be recorded.
#[derive(Clone, Debug)]
pub struct Entry {
    action: &'static str,
    outcome: AuditLogOutcome,
    subject: Option<(String, String)>,
    patient: Option<PatientId>,
    provider: Option<ProviderId>,
    quote: Option<QuoteId>,
    fields: Option<Json>,
    level: Option<String>,
    reason: Option<String>,
    before: Option<Json>,
    after: Option<Json>,
}

impl Entry {
    /// A successful action, named `area.verb`: `quote.accepted`, `patient.phi_viewed`.
    pub fn new(action: &'static str) -> Self {
        Self {
            action,
            outcome: AuditLogOutcome::Success,
            subject: None,
            patient: None,
            provider: None,
            quote: None,
            fields: None,
            level: None,
            reason: None,
            before: None,
            after: None,
        }
    }

    /// What was acted on.
    pub fn subject(mut self, kind: &str, id: impl Display) -> Self {
        self.subject = Some((kind.to_owned(), id.to_string()));
        self
    }

    /// Whose data it is; feeds the patient's access log.
    pub fn patient(mut self, patient: PatientId) -> Self {
        self.patient = Some(patient);
        self
    }

    /// The clinic concerned; feeds the team's log.
    pub fn provider(mut self, provider: ProviderId) -> Self {
        self.provider = Some(provider);
        self
    }

    /// The quote concerned.
    pub fn quote(mut self, quote: QuoteId) -> Self {
        self.quote = Some(quote);
        self
    }

    /// Names of the fields that were shown or changed.
    pub fn fields(mut self, fields: &[&str]) -> Self {
        self.fields = Some(fields.iter().copied().collect());
        self
    }

    /// At which level it was shown: `full`, `partial`, `none`, `masked`.
    pub fn level(mut self, level: &str) -> Self {
        self.level = Some(level.to_owned());
        self
    }

    /// Why, in the actor's words.
    pub fn reason(mut self, reason: &str) -> Self {
        self.reason = Some(reason.to_owned());
        self
    }

    /// The values before and after. Stored encrypted, and secrets not at all.
    pub fn change(mut self, before: Option<Json>, after: Option<Json>) -> Self {
        self.before = before;
        self.after = after;
        self
    }

    /// It was refused for want of a right.
    pub fn denied(mut self) -> Self {
        self.outcome = AuditLogOutcome::Denied;
        self
    }

    /// It was tried and did not succeed.
    pub fn failed(mut self) -> Self {
        self.outcome = AuditLogOutcome::Failed;
        self
    }

    fn into_row(self, app: &App, actor: &Actor) -> ActiveModel {
        let now = app.now();
        let (actor_type, actor_id) = who(actor);
        // Whoever looks through another account's eyes stands in the log by their own name (R-ID-56).
        let acting_for = actor.impersonator.map(|_| actor.reference());
        let (subject_type, subject_id) = self.subject.unzip();
        let years = u32::try_from(retention::AUDIT_YEARS.known(app)).unwrap_or(YEARS).max(YEARS);
        let seal = |data: Option<Json>| data.map(|data| app.keys.seal_lasting(&mask::masked(data)));
        ActiveModel {
            id: NotSet,
            occurred_at: Set(now),
            actor_type: Set(actor_type),
            actor_id: Set(actor_id),
            actor_role: Set(actor.role.as_deref().map(|role| cut(role, 255))),
            acting_for_type: Set(acting_for.map(|(kind, _)| kind.to_owned())),
            acting_for_id: Set(acting_for.and_then(|(_, id)| id)),
            action: Set(self.action.to_owned()),
            outcome: Set(self.outcome),
            subject_type: Set(subject_type.map(|text| cut(&text, 100))),
            subject_id: Set(subject_id.map(|text| cut(&text, 100))),
            patient_id: Set(self.patient),
            provider_id: Set(self.provider),
            quote_id: Set(self.quote),
            fields: Set(self.fields),
            access_level: Set(self.level.map(|text| cut(&text, 32))),
            reason: Set(self.reason.map(|text| cut(&text, 500))),
            before_data: Set(seal(self.before)),
            after_data: Set(seal(self.after)),
            ip_address: Set(actor.origin.ip.as_deref().map(|text| cut(text, 45))),
            user_agent: Set(actor.origin.agent.as_deref().map(|text| cut(text, 500))),
            session_id: Set(actor.session.map(|session| session.any())),
            request_id: Set(actor.origin.request_id.as_deref().map(|text| cut(text, 64))),
            retention_until: Set((now + Months::new(12 * years)).date_naive()),
        }
    }
}

fn who(actor: &Actor) -> (AuditLogActorType, Option<AnyId>) {
    if let Some(staff) = actor.impersonator {
        return (AuditLogActorType::User, Some(staff.any()));
    }
    let kind = match actor.kind {
        ActorKind::Anonymous => AuditLogActorType::Anonymous,
        ActorKind::System => AuditLogActorType::System,
        ActorKind::Patient(_) => AuditLogActorType::Patient,
        ActorKind::Provider { .. } => AuditLogActorType::ProviderUser,
        ActorKind::Admin(_) => AuditLogActorType::User,
        ActorKind::Affiliate(_) => AuditLogActorType::Affiliate,
    };
    (kind, actor.reference().1)
}

/// A text that fits its column: an overlong user agent must not stop anybody's work.
fn cut(text: &str, chars: usize) -> String {
    text.chars().take(chars).collect()
}

/// Writes the entry, in the transaction of the change it tells of. When that is impossible the action fails with 503
/// `audit_unavailable`: nothing happens unrecorded.
pub async fn record(conn: &impl ConnectionTrait, app: &App, actor: &Actor, entry: Entry) -> AppResult<()> {
    let row = entry.into_row(app, actor);
    Entity::insert(row).exec_without_returning(conn).await.map(drop).map_err(unavailable)
}

fn unavailable(error: DbErr) -> AppError {
    if is_transient(&error) {
        // The whole transaction will be tried again.
        return error.into();
    }
    let mut refusal =
        AppError::new(ErrorKind::Unavailable, "audit_unavailable", "This cannot be recorded now, so it was not done.");
    refusal.retry_after = Some(5);
    refusal.source = Some(error.into());
    refusal
}
