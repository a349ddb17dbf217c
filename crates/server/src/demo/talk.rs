//! Conversations between patients and clinics.

use chrono::Duration;
use kernel::{AppResult, Timestamp};
use messaging::entity::conversations;
use messaging::service::{read, send};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::story::Story;
use super::texts;

/// Questions about the offer, in two of three stories.
pub async fn before(story: &mut Story<'_>, from: Timestamp) -> AppResult<()> {
    if story.plot.number % 3 == 2 {
        return Ok(());
    }
    let Some(talk) = story.dice.pick(texts::TALKS).copied() else { return Ok(()) };
    // Some last questions wait for their answer.
    let unanswered = story.plot.ending == super::plots::Ending::Waiting && story.plot.number.is_multiple_of(2);
    exchange(story, talk, from, 1, unanswered).await
}

/// Arrangements once the booking is confirmed.
pub async fn after_booking(story: &mut Story<'_>, from: Timestamp) -> AppResult<()> {
    let Some(line) = story.dice.pick(texts::ARRANGEMENTS).copied() else { return Ok(()) };
    exchange(story, &[line], from, 2, false).await
}

/// Says what the thread does not hold yet. `part` tells the talks of one story apart.
async fn exchange(
    story: &Story<'_>,
    lines: &[(&str, &str)],
    from: Timestamp,
    part: u128,
    leave_last: bool,
) -> AppResult<()> {
    let clinic = story.clinic()?;
    let thread = conversations::Entity::find()
        .filter(conversations::Column::PatientId.eq(story.patient))
        .filter(conversations::Column::ProviderId.eq(clinic.id));
    let Some(thread) = thread.one(story.stage.app.db.conn()).await? else { return Ok(()) };
    let last = lines.len().saturating_sub(1);
    let mut instant = from;
    for (place, (question, answer)) in lines.iter().enumerate() {
        // The same id for the same line: said once, however often the story is told.
        let id = |side: u128| {
            let line = part * 1000 + u128::try_from(place).unwrap_or(0) * 2 + side;
            kernel::ids::AnyId(uuid::Uuid::from_u128(thread.id.0.as_u128() ^ line))
        };
        send(&story.at(instant), &story.actor, thread.id, question, Some(id(0))).await?;
        instant += Duration::minutes(24);
        if leave_last && place == last {
            break;
        }
        let answered = send(&story.at(instant), &clinic.owner, thread.id, answer, Some(id(1))).await?;
        let seq = answered.message.seq.unwrap_or(0);
        read(&story.at(instant), &clinic.owner, thread.id, seq).await?;
        if place < last || part == 2 {
            read(&story.at(instant + Duration::minutes(2)), &story.actor, thread.id, seq).await?;
        }
        instant += Duration::minutes(40);
    }
    story.settle(instant).await
}
