//! A case's plan as it is now: milestones, their slots, and what was done. Everything shown is computed from these.

use std::collections::HashMap;

use chrono::NaiveDate;
use chrono_tz::Tz;
use kernel::ids::{AfterCareId, AftercareMilestoneId, AftercareQuestionnaireId};
use kernel::{AppError, AppResult, Timestamp};
use sea_orm::sea_query::{Alias, Expr, Query, UnionType};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder};

use crate::entity::aftercare_milestones::AftercareMilestoneStatus;
use crate::entity::{after_cares, aftercare_milestone_scans, aftercare_milestones, aftercare_questionnaire_responses};
use crate::rules::progress::{self, Count};
use crate::rules::schedule::{Schedule, TaskKind};
use crate::rules::slots::{self, Slot};
use crate::rules::stage;

/// A case with its plan.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The case.
    pub case: after_cares::Model,
    /// Its milestones in order.
    pub milestones: Vec<aftercare_milestones::Model>,
    /// All slots by day; each names its milestone by position.
    pub slots: Vec<Slot>,
}

/// What the dates and the tasks say today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Completion and state of each milestone.
    pub milestones: Vec<(i32, AftercareMilestoneStatus)>,
    /// Position of the milestone of the day.
    pub current: usize,
    /// Its name.
    pub stage: String,
    /// The recovery in percent.
    pub recovery: i32,
    /// Share of done tasks in percent.
    pub tasks: i32,
    /// Share of tasks done by their day.
    pub on_time: Option<i32>,
    /// Everything is done and the time is over.
    pub is_over: bool,
}

type Done = HashMap<(AftercareMilestoneId, TaskKind, Option<AftercareQuestionnaireId>, NaiveDate), NaiveDate>;

impl Plan {
    /// The plan of one case.
    pub async fn load(conn: &impl ConnectionTrait, case: after_cares::Model) -> AppResult<Self> {
        let loaded = Self::load_many(conn, vec![case]).await?;
        loaded.into_iter().next().ok_or_else(AppError::not_found)
    }

    /// The plans of many cases, in the order given, in two statements.
    pub async fn load_many(conn: &impl ConnectionTrait, cases: Vec<after_cares::Model>) -> AppResult<Vec<Self>> {
        let ids: Vec<AfterCareId> = cases.iter().map(|case| case.id).collect();
        let mut by_case: HashMap<AfterCareId, Vec<aftercare_milestones::Model>> = HashMap::new();
        let mut milestone_ids = Vec::new();
        if !ids.is_empty() {
            let rows = aftercare_milestones::Entity::find()
                .filter(aftercare_milestones::Column::AfterCareId.is_in(ids))
                .order_by_asc(aftercare_milestones::Column::AfterCareId)
                .order_by_asc(aftercare_milestones::Column::OrderIndex)
                .all(conn)
                .await?;
            for row in rows {
                milestone_ids.push(row.id);
                by_case.entry(row.after_care_id).or_default().push(row);
            }
        }
        let done = done(conn, &milestone_ids).await?;
        cases.into_iter().map(|case| Self::build(by_case.remove(&case.id).unwrap_or_default(), case, &done)).collect()
    }

    /// The plan of a case whose milestones were read with it, in their order.
    pub async fn of(
        conn: &impl ConnectionTrait,
        case: after_cares::Model,
        milestones: Vec<aftercare_milestones::Model>,
    ) -> AppResult<Self> {
        let ids: Vec<AftercareMilestoneId> = milestones.iter().map(|row| row.id).collect();
        let done = done(conn, &ids).await?;
        Self::build(milestones, case, &done)
    }

    fn build(milestones: Vec<aftercare_milestones::Model>, case: after_cares::Model, done: &Done) -> AppResult<Self> {
        let mut slots = Vec::new();
        for (position, row) in milestones.iter().enumerate() {
            let schedule: Schedule = serde_json::from_value(row.schedule.clone())?;
            slots.extend(slots::of_milestone(position, row.start_date, &schedule, |kind, questionnaire, due| {
                done.get(&(row.id, kind, questionnaire, due)).copied()
            }));
        }
        Ok(Self { case, milestones, slots })
    }

    /// The case's time zone.
    pub fn zone(&self) -> Tz {
        zone(&self.case)
    }

    /// Today for this patient.
    pub fn today(&self, now: Timestamp) -> NaiveDate {
        now.with_timezone(&self.zone()).date_naive()
    }

    /// First day of the plan.
    pub fn start(&self) -> Option<NaiveDate> {
        self.milestones.first().map(|row| row.start_date).or(self.case.start_date)
    }

    /// Days of the whole plan.
    pub fn days(&self) -> i64 {
        let last = self.milestones.last().map(|row| row.end_date);
        self.start().zip(last).map_or(0, |(start, end)| (end - start).num_days() + 1)
    }

    /// Slots of one milestone.
    pub fn slots_of(&self, milestone: usize) -> impl Iterator<Item = &Slot> {
        self.slots.iter().filter(move |slot| slot.milestone == milestone)
    }

    /// The milestone of a slot, or the one a day belongs to.
    pub fn milestone_for(&self, slot: Option<&Slot>, today: NaiveDate) -> AppResult<&aftercare_milestones::Model> {
        let ranges: Vec<_> = self.milestones.iter().map(|row| (row.start_date, row.end_date)).collect();
        let position = slot.map_or_else(|| stage::current(&ranges, today), |slot| slot.milestone);
        self.milestones.get(position).ok_or_else(|| AppError::internal("a plan without milestones"))
    }

    /// Whether the plan asks this questionnaire at all.
    pub fn asks(&self, questionnaire: AftercareQuestionnaireId) -> bool {
        self.slots.iter().any(|slot| slot.questionnaire == Some(questionnaire))
    }

    /// The oldest day whose task is late.
    pub fn oldest_overdue(&self, today: NaiveDate) -> Option<NaiveDate> {
        self.slots.iter().filter(|slot| slot.is_late(today)).map(|slot| slot.due).min()
    }

    /// The next day with an open task, from today on.
    pub fn next_due(&self, today: NaiveDate) -> Option<NaiveDate> {
        let waiting = |slot: &&Slot| slot.due >= today && slot.done_on.is_none() && !slot.excused;
        self.slots.iter().filter(waiting).map(|slot| slot.due).min()
    }

    /// Where the plan stands on a day.
    pub fn standing(&self, today: NaiveDate) -> Standing {
        let mut milestones = Vec::with_capacity(self.milestones.len());
        for (position, row) in self.milestones.iter().enumerate() {
            let completion = progress::completion(progress::count(self.slots_of(position)), row.end_date, today);
            milestones.push((completion, stage::milestone(row.start_date, row.end_date, completion, today)));
        }
        let ranges: Vec<_> = self.milestones.iter().map(|row| (row.start_date, row.end_date)).collect();
        let current = stage::current(&ranges, today);
        let states: Vec<_> =
            self.milestones.iter().zip(&milestones).map(|(row, (_, status))| (row.end_date, *status)).collect();
        let count: Count = progress::count(&self.slots);
        Standing {
            current,
            stage: self.milestones.get(current).map(|row| row.milestone_name.clone()).unwrap_or_default(),
            recovery: self.start().map_or(0, |start| progress::recovery(count, start, self.days(), today)),
            tasks: progress::task_progress(count),
            on_time: progress::on_time_rate(&self.slots, today),
            is_over: stage::is_over(&states, today),
            milestones,
        }
    }
}

/// A case's time zone, UTC when it cannot be read.
pub fn zone(case: &after_cares::Model) -> Tz {
    case.timezone.parse().unwrap_or(Tz::UTC)
}

/// A slot that was done; scans have no questionnaire.
#[derive(FromQueryResult)]
struct DoneRow {
    aftercare_milestone_id: AftercareMilestoneId,
    questionnaire_id: Option<AftercareQuestionnaireId>,
    due_date: NaiveDate,
    done_on: NaiveDate,
}

/// The day every slot was done, by milestone, kind, questionnaire and due day. Scans and answers in one statement:
/// every list needs both.
async fn done(conn: &impl ConnectionTrait, milestones: &[AftercareMilestoneId]) -> AppResult<Done> {
    if milestones.is_empty() {
        return Ok(Done::new());
    }
    use aftercare_milestone_scans::Column as Scan;
    use aftercare_questionnaire_responses::Column as Response;
    let done_on = Alias::new("done_on");
    let scans = Query::select()
        .column(Scan::AftercareMilestoneId)
        .expr_as(Expr::cust("NULL"), Response::QuestionnaireId)
        .column(Scan::DueDate)
        .expr_as(Expr::col(Scan::ScanDate), done_on.clone())
        .from(aftercare_milestone_scans::Entity)
        .and_where(Scan::AftercareMilestoneId.is_in(milestones.iter().copied()))
        .and_where(Scan::DueDate.is_not_null())
        .to_owned();
    let both = Query::select()
        .columns([Response::AftercareMilestoneId, Response::QuestionnaireId, Response::DueDate])
        .expr_as(Expr::col(Response::ResponseDate), done_on)
        .from(aftercare_questionnaire_responses::Entity)
        .and_where(Response::AftercareMilestoneId.is_in(milestones.iter().copied()))
        .and_where(Response::DueDate.is_not_null())
        .union(UnionType::All, scans)
        .to_owned();
    let rows = DoneRow::find_by_statement(conn.get_database_backend().build(&both)).all(conn).await?;
    let entry = |row: DoneRow| {
        let kind = if row.questionnaire_id.is_some() { TaskKind::Questionnaire } else { TaskKind::Scan };
        ((row.aftercare_milestone_id, kind, row.questionnaire_id, row.due_date), row.done_on)
    };
    Ok(rows.into_iter().map(entry).collect())
}
