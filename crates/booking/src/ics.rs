//! The appointment of a booking as an iCalendar file (R-PY-10).

use directory::entity::providers;
use icalendar::{Calendar, Component, Event, EventLike, EventStatus};
use identity::entity::patients;
use inquiry::entity::inquiries;
use kernel::ids::QuoteId;
use kernel::{Actor, ActorKind, AppError, AppResult};
use platform::App;
use platform::locale::{self, Locale};
use quoting::entity::quotes::{self, QuoteStatus};
use quoting::queries::visible;
use quoting::rules::slot::{self, Slot};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::queries::{booked, schedules_of, terms_of};

/// A calendar file with the name it is kept under.
#[derive(Clone, Debug)]
pub struct CalendarFile {
    /// `BKG-2603-00001.ics`.
    pub name: String,
    /// What is in it.
    pub text: String,
}

/// The appointment of a booking that is confirmed or was: an entry for each of its days, at the clinic's hours. Loaded
/// again after a move, a calendar puts the same entries elsewhere. Five statements.
///
/// The clinic finds the patient's code in it, never the name: calendars are shared.
///
/// Errors: 401, 403; 404 where it is not the actor's; 409 `booking_not_confirmed`.
pub async fn calendar(app: &App, actor: &Actor, id: QuoteId, reader: Locale) -> AppResult<CalendarFile> {
    let conn = app.db.conn();
    let found = visible(actor)?.filter(booked()).filter(quotes::Column::Id.eq(id)).one(conn).await?;
    let quote = found.ok_or_else(AppError::not_found)?;
    let stands = matches!(
        quote.status,
        QuoteStatus::Confirmed | QuoteStatus::Inprogress | QuoteStatus::Aftercare | QuoteStatus::Completed
    );
    let schedule = schedules_of(conn, &[id]).await?.remove(&id).filter(|_| stands);
    let schedule = schedule.ok_or_else(|| {
        AppError::conflict("booking_not_confirmed", "There is an appointment to keep once the booking is confirmed.")
    })?;
    let terms = terms_of(conn, &[id]).await?.remove(&id).ok_or_else(AppError::not_found)?;
    let clinic = providers::Entity::find_by_id(quote.provider_id).one(conn).await?.ok_or_else(AppError::not_found)?;
    let (title, page) = match actor.kind {
        ActorKind::Provider { .. } => {
            let of_case = inquiries::Entity::find_by_id(quote.inquiry_id).find_also_related(patients::Entity);
            let patient = of_case.one(conn).await?.and_then(|(_, patient)| patient);
            let code = patient.and_then(|patient| patient.patient_code).unwrap_or_default();
            (locale::tr(reader, "ics-title-clinic", &[("code", code.into())]), format!("provider/treatments/{id}"))
        }
        ActorKind::Patient(_) => {
            let args = [("clinic", clinic.provider_name.clone().into())];
            (locale::tr(reader, "ics-title-patient", &args), format!("patient/bookings/{id}"))
        }
        _ => {
            let args = [("clinic", clinic.provider_name.clone().into())];
            (locale::tr(reader, "ics-title-patient", &args), format!("admin/bookings/{id}"))
        }
    };
    let link = format!("{}/{page}", app.config.http.public_url.trim_end_matches('/'));
    let slot = Slot {
        date: schedule.schedule_date,
        time: schedule.schedule_time.unwrap_or_default(),
        zone: slot::clinic_zone(Some(&schedule.timezone)),
        duration_minutes: schedule.duration_minutes,
        day_count: i32::from(schedule.day_count),
    };
    let days = slot.intervals().map_err(|fault| AppError::internal(format!("a slot that is none: {fault:?}")))?;
    let place = [clinic.provider_name.as_str(), clinic.city.as_str(), clinic.country.as_str()].join(", ");
    let about = locale::tr(reader, "ics-about", &[("reference", terms.booking_reference.clone().into())]);
    let mut calendar = Calendar::new();
    for (number, (start, end)) in (1..).zip(days) {
        let entry = Event::new()
            // The same for every reader and after every move, so that the entry is changed and not doubled.
            .uid(&format!("{id}-{number}@hairline"))
            .timestamp(schedule.updated_at)
            .sequence(u32::try_from(terms.version).unwrap_or(0))
            .status(EventStatus::Confirmed)
            .summary(&title)
            .location(&place)
            .description(&format!("{about}\n{link}"))
            .url(&link)
            .starts(start)
            .ends(end)
            .done();
        calendar.push(entry);
    }
    Ok(CalendarFile { name: format!("{}.ics", terms.booking_reference), text: calendar.done().to_string() })
}
