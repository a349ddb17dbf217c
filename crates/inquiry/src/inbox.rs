//! What a clinic's staff work through: the requests they received, those that wait for an answer first, and one case
//! with everything its page shows, in few statements.

use identity::anonymity::{self, Level, MaskedPatient};
use identity::entity::patients;
use kernel::ids::{InquiryId, ProviderId};
use kernel::{Actor, AppError, AppResult, DateRange, Page, PageQuery, Permission, Timestamp};
use platform::App;
use sea_orm::sea_query::{CaseStatement, Cond, Expr, ExprTrait, SimpleExpr};
use sea_orm::{ColumnTrait, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select};

use crate::distribution::OPEN;
use crate::entity::inquiry_providers::{self as rows, InquiryProviderStatus};
use crate::entity::{inquiries, medical_histories};
use crate::found::{LookedUp, Walk};
use crate::medical::{self, Alert};
use crate::queries::{self, InquiryFilter};
use crate::service::clinic::mark_viewed;
use crate::service::show::{note_reading, pictures, shown};
use crate::views::{self, AlertView, ClinicLine, InquiryForClinic, TimelineEntryView};
use crate::{rules::stage, timeline};

/// How many events of a case its page shows.
const EVENTS: u64 = 50;

/// In which order a clinic reads its requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InboxOrder {
    /// Those that wait for this clinic first, the most urgent on top; then the newest.
    #[default]
    WaitingFirst,
    /// By the time to answer.
    Deadline,
    /// The same, turned round.
    DeadlineLast,
    /// Oldest first.
    Oldest,
    /// Newest first.
    Newest,
}

impl InboxOrder {
    /// The order with that word in an address; the default for any other.
    pub fn from_word(word: &str) -> Self {
        match word {
            "deadline" => Self::Deadline,
            "-deadline" => Self::DeadlineLast,
            "received" => Self::Oldest,
            "-received" => Self::Newest,
            _ => Self::WaitingFirst,
        }
    }

    fn apply(self, query: Select<rows::Entity>, now: Timestamp) -> Select<rows::Entity> {
        let deadline = rows::Column::ResponseDeadlineAt;
        let query = match self {
            Self::WaitingFirst => query
                .order_by(choose(now, Expr::val(0), Expr::val(1)), Order::Asc)
                .order_by(choose(now, deadline.into_expr(), rows::Column::ClosedAt.into_expr()), Order::Asc)
                .order_by_desc(rows::Column::DistributedAt),
            Self::Deadline => query.order_by_asc(deadline),
            Self::DeadlineLast => query.order_by_desc(deadline),
            Self::Oldest => query.order_by_asc(rows::Column::DistributedAt),
            Self::Newest => query.order_by_desc(rows::Column::DistributedAt),
        };
        query.order_by_desc(rows::Column::Id)
    }
}

/// A row that waits for this clinic's answer.
fn waiting(now: Timestamp) -> Cond {
    Cond::all().add(rows::Column::Status.is_in(OPEN.iter().copied())).add(rows::Column::ResponseDeadlineAt.gt(now))
}

fn choose(now: Timestamp, then: SimpleExpr, other: SimpleExpr) -> SimpleExpr {
    CaseStatement::new().case(waiting(now), then).finally(other).into()
}

fn received(provider: ProviderId) -> Select<rows::Entity> {
    rows::Entity::find()
        .filter(rows::Column::ProviderId.eq(provider))
        .filter(rows::Column::Status.ne(InquiryProviderStatus::Removed))
}

/// A page of the requests a clinic received, with at most four statements whatever its size.
pub async fn list(
    app: &App,
    actor: &Actor,
    filter: &InquiryFilter,
    own: Option<InquiryProviderStatus>,
    order: InboxOrder,
    page: PageQuery,
) -> AppResult<Page<ClinicLine>> {
    let (_, provider) = actor.provider()?;
    let page = page.checked()?;
    let conn = app.db.conn();
    let mut query = received(provider);
    // Every row has its request: where nothing is asked of it, none is looked at to count them.
    if filter.narrows() {
        let wanted = queries::narrowed(app, actor, filter, &LookedUp::default(), Walk::Free)?;
        let wanted = wanted.select_only().column(inquiries::Column::Id).as_query().to_owned();
        query = query.filter(rows::Column::InquiryId.in_subquery(wanted));
    }
    if let Some(status) = own {
        query = query.filter(rows::Column::Status.eq(status));
    }
    let total = platform::db::total(conn, &query).await?;
    let found = order
        .apply(query, app.now())
        .offset(page.offset())
        .limit(page.per_page)
        .find_also_related(inquiries::Entity)
        .and_also_related(patients::Entity)
        .all(conn)
        .await?;
    let people: Vec<_> = found.iter().filter_map(|(_, _, patient)| Some(patient.as_ref()?.id)).collect();
    let levels = anonymity::levels(conn, provider, &people).await?;
    let alerts = medical::levels_of(app, found.iter().map(|(own, _, _)| own.inquiry_id)).await?;
    let mut lines = Vec::with_capacity(found.len());
    for (own, inquiry, patient) in found {
        let (Some(inquiry), Some(patient)) = (inquiry, patient) else { continue };
        let level = levels.get(&patient.id).copied().unwrap_or_default();
        let alert_level = alerts.get(&inquiry.id).copied();
        lines.push(ClinicLine {
            unreadable: ClinicLine::unreadable(alert_level),
            id: inquiry.id,
            status: inquiry.status,
            patient: anonymity::mask_for(app, actor, &patient, level)?,
            problem: inquiry.problem,
            treatment_schedule: views::ranges_of(&inquiry)?,
            alert_level,
            assignment: (&own).into(),
            submitted_at: inquiry.submitted_at,
            inquiry_code: inquiry.inquiry_code,
        });
    }
    Ok(Page::new(lines, page, total))
}

/// How much waits for a clinic.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Requests that wait for an answer.
    pub waiting: i64,
    /// Those of them whose time ends within a day.
    pub soon: i64,
    /// Requests with an offer of this clinic.
    pub quoted: i64,
    /// All requests it received.
    pub all: i64,
}

/// The figures above a clinic's list, in one statement.
pub async fn figures(app: &App, actor: &Actor) -> AppResult<Figures> {
    let (_, provider) = actor.provider()?;
    actor.require(Permission::ViewInquiry)?;
    let now = app.now();
    let one = |when: Cond| -> SimpleExpr {
        // Counts the rows for which the case gives something: NULL is not counted.
        let counted: SimpleExpr = CaseStatement::new().case(when, Expr::val(1)).into();
        counted.count()
    };
    let soon = waiting(now).add(rows::Column::ResponseDeadlineAt.lt(now + chrono::Duration::hours(24)));
    let quoted = Cond::all().add(rows::Column::Status.eq(InquiryProviderStatus::Quoted));
    let counted: Option<(i64, i64, i64, i64)> = received(provider)
        .select_only()
        .expr_as(one(waiting(now)), "waiting")
        .expr_as(one(soon), "soon")
        .expr_as(one(quoted), "quoted")
        .expr_as(rows::Column::Id.count(), "whole")
        .into_tuple()
        .one(app.db.conn())
        .await?;
    let (waiting, soon, quoted, all) = counted.unwrap_or_default();
    Ok(Figures { waiting, soon, quoted, all })
}

/// A case as a clinic works on it.
#[derive(Clone, Debug)]
pub struct ClinicCase {
    /// The case as the clinic may see it.
    pub view: InquiryForClinic,
    /// What happened, newest first, without other clinics' acts.
    pub history: Vec<TimelineEntryView>,
    /// Whether the request still takes offers and this clinic has not left it.
    pub open: bool,
    /// Whether this clinic's time to answer is not over.
    pub in_time: bool,
    /// Whether the clinic can still give it back.
    pub declinable: bool,
}

/// What the desk needs of a case while it writes an offer: no medical answers, so nothing is noted.
#[derive(Clone, Debug)]
pub struct CaseHead {
    /// `HPID26030001`.
    pub inquiry_code: Option<String>,
    /// What the clinic may know of the patient.
    pub patient: MaskedPatient,
    /// When the patient could come, the primary range first.
    pub ranges: Vec<DateRange>,
    /// The alert.
    pub alert: AlertView,
    /// Until when the first offer can be sent.
    pub deadline: Timestamp,
    /// Whether the request still takes offers and this clinic has not left it.
    pub open: bool,
    /// Whether this clinic's time to answer is not over.
    pub in_time: bool,
}

/// A clinic's own row of a case with everything that hangs on it.
struct Loaded {
    own: rows::Model,
    inquiry: inquiries::Model,
    patient: patients::Model,
    level: Level,
}

impl Loaded {
    /// Two statements; 404 for a clinic that did not receive the case.
    async fn find(app: &App, actor: &Actor, id: InquiryId) -> AppResult<Self> {
        let (_, provider) = actor.provider()?;
        actor.require(Permission::ViewInquiry)?;
        let conn = app.db.conn();
        let found = received(provider)
            .filter(rows::Column::InquiryId.eq(id))
            .find_also_related(inquiries::Entity)
            .and_also_related(patients::Entity)
            .one(conn)
            .await?;
        let Some((own, Some(inquiry), Some(patient))) = found else { return Err(AppError::not_found()) };
        let level = anonymity::level(conn, provider, patient.id).await?;
        Ok(Self { own, inquiry, patient, level })
    }

    fn alert(&self, app: &App, history: &medical_histories::Model) -> AppResult<AlertView> {
        let of_these = self.own.critical_ack_revision == Some(history.revision);
        let alert = Alert {
            level: medical::level_of(app, history)?,
            revision: history.revision,
            acknowledged: self.own.critical_ack_at.is_some() && of_these,
        };
        Ok(alert.into())
    }

    fn is_open(&self) -> bool {
        let left = matches!(self.own.status, InquiryProviderStatus::Declined | InquiryProviderStatus::Closed);
        stage::takes_quotes(self.inquiry.status) && !left
    }

    fn is_in_time(&self, now: Timestamp) -> bool {
        now < self.own.response_deadline_at && self.own.status != InquiryProviderStatus::Lapsed
    }
}

/// The head of a case for the editor of an offer, in three statements.
pub async fn head(app: &App, actor: &Actor, id: InquiryId) -> AppResult<CaseHead> {
    let loaded = Loaded::find(app, actor, id).await?;
    let history = medical::history(app.db.conn(), id).await?;
    Ok(CaseHead {
        patient: anonymity::mask_for(app, actor, &loaded.patient, loaded.level)?,
        ranges: views::ranges_of(&loaded.inquiry)?,
        alert: loaded.alert(app, &history)?,
        deadline: loaded.own.response_deadline_at,
        open: loaded.is_open(),
        in_time: loaded.is_in_time(app.now()),
        inquiry_code: loaded.inquiry.inquiry_code,
    })
}

/// One case as its clinic may read it: 404 for a clinic that did not receive it. The first opening is noted, and so is
/// the reading of the medical part. Four statements beside these notes.
pub(crate) async fn view(app: &App, actor: &Actor, id: InquiryId) -> AppResult<InquiryForClinic> {
    let loaded = Loaded::find(app, actor, id).await?;
    opened(app, actor, loaded).await.map(|(_, view)| view)
}

async fn opened(app: &App, actor: &Actor, mut loaded: Loaded) -> AppResult<(Loaded, InquiryForClinic)> {
    let (user, provider) = actor.provider()?;
    let conn = app.db.conn();
    let id = loaded.inquiry.id;
    // Whoever looks through the clinic's eyes opens nothing in its name (R-ID-56).
    if loaded.own.status == InquiryProviderStatus::Distributed && actor.impersonator.is_none() {
        mark_viewed(app, &loaded.own, user).await?;
        loaded.own.status = InquiryProviderStatus::Viewed;
        loaded.own.viewed_at = Some(app.now());
    }
    let (history, form) = medical::history_with_form(conn, id).await?;
    let alert = loaded.alert(app, &history)?;
    let filter = views::clinic_filter(loaded.level, &loaded.patient);
    let is_archived = identity::patients::is_erased(&loaded.patient);
    let (medical, media) = if actor.can(Permission::ViewPatientMedical) && !is_archived {
        note_reading(app, actor, loaded.patient.id, id, Some((provider, loaded.level))).await?;
        let opened = medical::unseal(app, &history, form.as_ref())?;
        (Some(views::medical(opened, filter)), pictures(app, actor, id).await?)
    } else {
        (None, Vec::new())
    };
    let Loaded { own, inquiry, patient, level } = &loaded;
    let view = InquiryForClinic {
        id,
        status: inquiry.status,
        patient: anonymity::mask_for(app, actor, patient, *level)?,
        concern: views::concern(inquiry, filter)?,
        assignment: own.into(),
        alert,
        medical,
        media,
        submitted_at: inquiry.submitted_at,
        cancelled_at: inquiry.cancelled_at,
        version: inquiry.version,
        inquiry_code: inquiry.inquiry_code.clone(),
    };
    Ok((loaded, view))
}

/// The same with its history, for its clinic's page: one statement more.
pub async fn case(app: &App, actor: &Actor, id: InquiryId) -> AppResult<ClinicCase> {
    let (loaded, view) = opened(app, actor, Loaded::find(app, actor, id).await?).await?;
    let events = timeline::page(app.db.conn(), id, None, EVENTS).await?.data;
    let open = loaded.is_open();
    Ok(ClinicCase {
        view,
        history: events.into_iter().map(TimelineEntryView::new).filter_map(|entry| shown(actor, entry)).collect(),
        open,
        in_time: loaded.is_in_time(app.now()),
        declinable: open && OPEN.contains(&loaded.own.status),
    })
}
