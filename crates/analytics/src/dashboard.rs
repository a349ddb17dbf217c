//! What the staff's first page counts: the funnel, what needs somebody, and a year by months.

use aftercare::entity::aftercare_workflows::{self, AftercareWorkflowType};
use chrono::{Datelike, Months, NaiveDate};
use identity::entity::patients;
use inquiry::entity::{inquiries, workflow_timelines};
use kernel::permission::Permission;
use kernel::{Actor, AppResult, Timestamp};
use platform::App;
use platform::entity::failed_jobs;
use reviews::entity::reviews::{self as review_rows, ModerationStatus};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, Func, SimpleExpr};
use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect, QueryTrait};

/// How many months the charts reach back.
const MONTHS: u32 = 12;

/// One month's figures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Month {
    /// Its first day.
    pub first: NaiveDate,
    /// Inquiries submitted.
    pub inquiries: u64,
    /// Quotes sent.
    pub quotes: u64,
    /// Bookings confirmed.
    pub bookings: u64,
}

/// The figures of the staff's first page.
#[derive(Clone, Debug, Default)]
pub struct Dashboard {
    /// Patients who registered.
    pub registered: u64,
    /// Requests that were submitted.
    pub submitted: u64,
    /// Requests that got a quote.
    pub quoted: u64,
    /// Requests whose patient accepted one.
    pub accepted: u64,
    /// Requests that were paid for.
    pub confirmed: u64,
    /// Requests whose treatment is done.
    pub treated: u64,
    /// Requests that wait for a first quote.
    pub waiting: u64,
    /// Accepted quotes that are not paid yet.
    pub unpaid: u64,
    /// Treatments under way.
    pub in_treatment: u64,
    /// Patients in aftercare.
    pub in_aftercare: u64,
    /// Reviews to decide on.
    pub reviews: u64,
    /// Urgent aftercare cases nobody closed.
    pub urgent: u64,
    /// Buried jobs nobody dealt with.
    pub failed_jobs: u64,
    /// The last months, oldest first.
    pub months: Vec<Month>,
}

/// Reads the figures: six statements, whatever the size of the installation.
///
/// Errors: 403 without `view_dashboard`.
pub async fn dashboard(app: &App, actor: &Actor) -> AppResult<Dashboard> {
    actor.admin()?;
    actor.require(Permission::ViewDashboard)?;
    let conn = app.replica.conn();
    let now = app.now();
    let registered = patients::Entity::find().filter(patients::Column::DeletedAt.is_null()).count(conn).await?;
    let stages = stages(conn).await?;
    let at = |word: &str| stages.iter().find(|(stage, _)| stage == word).map_or(0, |(_, count)| *count);
    let all: u64 = stages.iter().map(|(_, count)| *count).sum();
    let (reached, months) = history(conn, now).await?;
    let reviews = review_rows::Entity::find()
        .filter(review_rows::Column::ModerationStatus.eq(ModerationStatus::Pending))
        .filter(review_rows::Column::RemovedAt.is_null())
        .count(conn)
        .await?;
    let urgent = aftercare_workflows::Entity::find()
        .filter(aftercare_workflows::Column::WorkflowType.eq(AftercareWorkflowType::Escalation))
        .filter(aftercare_workflows::Column::ResolvedAt.is_null())
        .count(conn)
        .await?;
    let failed_jobs = failed_jobs::Entity::find().filter(failed_jobs::Column::Resolution.is_null()).count(conn).await?;
    Ok(Dashboard {
        registered,
        submitted: all,
        quoted: reached.quoted,
        accepted: reached.accepted,
        confirmed: reached.confirmed,
        treated: reached.treated,
        waiting: at("inquiry"),
        unpaid: at("accepted"),
        in_treatment: at("inprogress"),
        in_aftercare: at("aftercare"),
        reviews,
        urgent,
        failed_jobs,
        months,
    })
}

async fn stages(conn: &impl sea_orm::ConnectionTrait) -> AppResult<Vec<(String, u64)>> {
    let rows: Vec<(String, i64)> = inquiries::Entity::find()
        .select_only()
        .column(inquiries::Column::Status)
        .column_as(Expr::col(inquiries::Column::Id).count(), "count")
        .group_by(inquiries::Column::Status)
        .into_tuple()
        .all(conn)
        .await?;
    Ok(rows.into_iter().map(|(stage, count)| (stage, u64::try_from(count).unwrap_or(0))).collect())
}

#[derive(Default)]
struct Reached {
    quoted: u64,
    accepted: u64,
    confirmed: u64,
    treated: u64,
}

/// First days of the months shown, and the one after them.
fn month_starts(now: Timestamp) -> Vec<NaiveDate> {
    let today = now.date_naive();
    let this = today.with_day(1).unwrap_or(today);
    (0..=MONTHS)
        .filter_map(|index| match (MONTHS - 1).checked_sub(index) {
            Some(back) => this.checked_sub_months(Months::new(back)),
            None => this.checked_add_months(Months::new(1)),
        })
        .collect()
}

/// Counts the distinct cases of an event, between two days when they are given.
fn distinct_cases(event: &str, between: Option<(NaiveDate, NaiveDate)>) -> SimpleExpr {
    let mut when = Condition::all().add(workflow_timelines::Column::Event.eq(event));
    if let Some((from, to)) = between {
        let midnight = |day: NaiveDate| day.and_time(chrono::NaiveTime::MIN).and_utc();
        when = when
            .add(workflow_timelines::Column::CreatedAt.gte(midnight(from)))
            .add(workflow_timelines::Column::CreatedAt.lt(midnight(to)));
    }
    let case: SimpleExpr = CaseStatement::new().case(when, Expr::col(workflow_timelines::Column::InquiryId)).into();
    Func::count_distinct(case).into()
}

/// How far cases came ever, and what happened in each month, in one statement over the timeline.
async fn history(conn: &impl sea_orm::ConnectionTrait, now: Timestamp) -> AppResult<(Reached, Vec<Month>)> {
    const EVENTS: [&str; 3] = ["inquiry_created", "quote_submitted", "booking_confirmed"];
    let starts = month_starts(now);
    let mut select = workflow_timelines::Entity::find().select_only();
    for (name, event) in [
        ("quoted", "quote_submitted"),
        ("accepted", "quote_accepted"),
        ("confirmed", "booking_confirmed"),
        ("treated", "treatment_completed"),
    ] {
        select = select.column_as(distinct_cases(event, None), name);
    }
    for (index, span) in starts.windows(2).enumerate() {
        let [from, to] = span else { continue };
        for event in EVENTS {
            select = select.column_as(distinct_cases(event, Some((*from, *to))), format!("{event}_{index}"));
        }
    }
    let row = conn.query_one(&select.into_query()).await?;
    let read = |name: &str| {
        let count = row.as_ref().and_then(|row| row.try_get::<i64>("", name).ok());
        count.and_then(|count| u64::try_from(count).ok()).unwrap_or(0)
    };
    let months = starts.iter().take(MONTHS as usize).enumerate().map(|(index, first)| Month {
        first: *first,
        inquiries: read(&format!("inquiry_created_{index}")),
        quotes: read(&format!("quote_submitted_{index}")),
        bookings: read(&format!("booking_confirmed_{index}")),
    });
    let reached = Reached {
        quoted: read("quoted"),
        accepted: read("accepted"),
        confirmed: read("confirmed"),
        treated: read("treated"),
    };
    Ok((reached, months.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_of_months_ends_with_this_one() {
        let starts = month_starts("2026-03-31T23:00:00Z".parse().unwrap());
        let text: Vec<String> = starts.iter().map(ToString::to_string).collect();
        assert_eq!(
            (text.len(), text[0].as_str(), text[11].as_str(), text[12].as_str()),
            (13, "2025-04-01", "2026-03-01", "2026-04-01")
        );
    }
}
