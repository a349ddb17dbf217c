//! Treatment, recovery, review.

use aftercare::entity::after_cares;
use aftercare::entity::aftercare_questionnaires;
use aftercare::plan::Plan;
use aftercare::rules::questions::Answers;
use aftercare::rules::schedule::TaskKind;
use aftercare::rules::slots::Slot;
use aftercare::seed as recovery;
use aftercare::service::respond::{self, Response};
use chrono::{Days, Duration, Months};
use kernel::ids::QuoteId;
use kernel::{AppError, AppResult, Timestamp};
use quoting::entity::quotes::{self, QuoteStatus};
use reviews::entity::reviews as rows;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value as Json, json};

use super::plots::Ending;
use super::story::Story;
use super::texts;

/// From the door of the clinic to where the story ends.
pub async fn treat(story: &mut Story<'_>, quote: QuoteId) -> AppResult<()> {
    let clinic = story.clinic()?;
    let day = story.treatment_day()?;
    let here = story.ending_is(Ending::CheckedIn);
    let arrived = if here { story.ago(0, 0) - Duration::minutes(5) } else { story.local(day, 8, 20)? };
    if status(story, quote).await? == QuoteStatus::Confirmed {
        treatment::seed::check_in(&story.at(arrived), &clinic.owner, quote).await?;
    }
    story.settle(arrived).await?;
    if here {
        return Ok(());
    }
    // The second day of the plan is for washing.
    let done = story.local(day.checked_add_days(Days::new(1)).unwrap_or(day), 11, 30)?;
    if status(story, quote).await? == QuoteStatus::Inprogress {
        let app = story.at(done);
        let grafts = i32::try_from(story.dice.between(1500, 4100)).unwrap_or(2500);
        let views = story.stage.album.after(story.plot.number);
        treatment::seed::document(&app, &clinic.owner, quote, views, grafts).await?;
        treatment::seed::complete(&app, &clinic.owner, quote, story.stage.cast.template).await?;
    }
    story.settle(done).await?;
    recover(story, quote).await?;
    if matches!(story.plot.ending, Ending::Reviewed | Ending::ReviewPending | Ending::Completed) {
        review(story, quote, done).await?;
    }
    Ok(())
}

async fn status(story: &Story<'_>, quote: QuoteId) -> AppResult<QuoteStatus> {
    let row = quotes::Entity::find_by_id(quote).one(story.stage.app.db.conn()).await?;
    row.map(|row| row.status).ok_or_else(AppError::not_found)
}

/// What the patient did of the plan: all of it, the first days, or less and less.
async fn recover(story: &mut Story<'_>, quote: QuoteId) -> AppResult<()> {
    let case = recovery::case_of(story.stage.app, quote).await?;
    let today = story.stage.anchor.date_naive();
    let all = story.ending_is(Ending::Completed);
    for slot in slots(story, quote).await? {
        let wanted = match story.plot.ending {
            Ending::Completed => true,
            // Late: nothing in the last week, as the work list of the team shows.
            Ending::Overdue => slot.due < today - Duration::days(7) && slot.kind == TaskKind::Questionnaire,
            // Pictures cost most of the time it takes to make this data: one now and then.
            _ => slot.kind == TaskKind::Questionnaire || slot.due.to_string().ends_with('4'),
        };
        let (done_before, due) = (slot.done_on.is_some() || slot.excused, story.local(slot.due, 19, 10)?);
        if done_before || !wanted || due >= story.ago(0, 1) {
            continue;
        }
        let outcome = match slot.kind {
            TaskKind::Scan => {
                let [front, top, left, _, back] = story.stage.album.after(story.plot.number);
                recovery::upload_scan(&story.at(due), &story.actor, case, [front, top, left, back], Some(slot.due))
                    .await
                    .map(drop)
            }
            TaskKind::Questionnaire => answer(story, &slot, quote, due).await,
        };
        match outcome {
            // The plan excuses some days on its own.
            Err(error) if error.code.starts_with("slot_") => {}
            other => other?,
        }
    }
    if story.ending_is(Ending::Urgent) {
        urgent(story, quote).await?;
    }
    if all {
        refresh(story, story.ago(1, 0)).await?;
    }
    Ok(())
}

async fn slots(story: &Story<'_>, quote: QuoteId) -> AppResult<Vec<Slot>> {
    let conn = story.stage.app.db.conn();
    let case = after_cares::Entity::find().filter(after_cares::Column::QuoteId.eq(quote)).one(conn).await?;
    let plan = Plan::load(conn, case.ok_or_else(AppError::not_found)?).await?;
    let mut slots = plan.slots;
    slots.sort_by_key(|slot| slot.due);
    Ok(slots)
}

async fn refresh(story: &Story<'_>, instant: Timestamp) -> AppResult<()> {
    aftercare::service::refresh::refresh_all(&story.at(instant)).await?;
    story.settle(instant).await
}

/// Answers a questionnaire of the plan; pain fades with the days.
async fn answer(story: &mut Story<'_>, slot: &Slot, quote: QuoteId, instant: Timestamp) -> AppResult<()> {
    let Some(id) = slot.questionnaire else { return Ok(()) };
    let case = recovery::case_of(story.stage.app, quote).await?;
    let row = aftercare_questionnaires::Entity::find_by_id(id).one(story.stage.app.db.conn()).await?;
    let row = row.ok_or_else(AppError::not_found)?;
    let pain = (4 - (slot.due - story.treatment_day()?).num_days()).max(0);
    let responses = answers(&row.questions, pain);
    let ask = Response { due_date: Some(slot.due), responses };
    respond::answer(&story.at(instant), &story.actor, case, id, &ask).await.map(drop)
}

/// An unworried answer to every question that has one.
fn answers(questions: &Json, scale: i64) -> Answers {
    let mut given = Answers::new();
    for question in questions.as_array().map(Vec::as_slice).unwrap_or_default() {
        let text = |name: &str| question.get(name).and_then(Json::as_str).unwrap_or_default();
        let value = match text("question_type") {
            "visual_scale" | "scale" | "number" => Some(json!(scale.min(4))),
            "yes_no" => Some(json!("yes")),
            "single_choice" => question.get("options").and_then(Json::as_array).and_then(|all| all.first()).cloned(),
            _ => None,
        };
        // Warning signs are asked for with yes and no as well: these stay unanswered where they may.
        let worrying = question.get("urgent_rule").is_some_and(|rule| !rule.is_null());
        if let Some(value) = value
            && !(worrying && value == json!("yes"))
        {
            given.insert(text("question_id").to_owned(), value);
        }
    }
    given
}

/// Strong pain this morning: the team has an alarm to take.
async fn urgent(story: &mut Story<'_>, quote: QuoteId) -> AppResult<()> {
    let case = recovery::case_of(story.stage.app, quote).await?;
    let instant = story.ago(0, 0) - Duration::minutes(40);
    match recovery::answer_pain(&story.at(instant), &story.actor, case, 9, None).await {
        Ok(_) => {}
        Err(error) if error.code.starts_with("slot_") => {}
        Err(error) => return Err(error),
    }
    story.settle(instant).await
}

/// The patient looks back, staff decide.
async fn review(story: &mut Story<'_>, quote: QuoteId, done: Timestamp) -> AppResult<()> {
    let known = rows::Entity::find().filter(rows::Column::QuoteId.eq(quote)).one(story.stage.app.db.conn()).await?;
    if known.is_some() {
        return Ok(());
    }
    let first = done.checked_add_months(Months::new(3)).unwrap_or(done) + Duration::hours(story.dice.between(2, 60));
    let place = story.plot.repeat + if story.ending_is(Ending::Completed) { 7 } else { 0 };
    let Some((stars, text)) = texts::REVIEWS.get(place % texts::REVIEWS.len()) else { return Ok(()) };
    // Who looks back last completes the case: the plan is over by then.
    let instant = if story.ending_is(Ending::Completed) { story.ago(0, 20) } else { first.min(story.ago(0, 2)) };
    let (app, admin) = (story.at(instant), &story.stage.cast.admin);
    if story.ending_is(Ending::ReviewPending) {
        reviews::seed::write(&app, &story.actor, quote, *stars, text).await?;
    } else {
        let written = reviews::seed::publish(&app, &story.actor, admin, quote, *stars, text).await?;
        // Not every review is answered.
        if let Some(answer) = texts::ANSWERS.get(place) {
            reviews::service::respond(&app, &story.clinic()?.owner, written, answer).await?;
        }
    }
    story.settle(instant).await?;
    if story.ending_is(Ending::Completed) {
        refresh(story, story.ago(0, 3)).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_leave_warning_signs_alone() {
        let questions = json!([
            { "question_id": "pain_level", "question_type": "visual_scale", "options": { "min": 0, "max": 10 } },
            { "question_id": "location", "question_type": "single_choice", "options": ["nowhere", "donor_area"] },
            { "question_id": "fever", "question_type": "yes_no", "urgent_rule": { "any_of": ["yes"] } },
            { "question_id": "remarks", "question_type": "text" },
        ]);
        let given = answers(&questions, 2);
        assert_eq!(given, Answers::from([("pain_level".into(), json!(2)), ("location".into(), json!("nowhere"))]));
    }
}
