//! What no use case makes yet and lists and screens to come will read: journeys, papers of clinics, marks on patients and
//! conversations, kept filters, codes of partners (R-MG-96).
//!
//! The rows stand as the specification says a use case leaves them.

use axum::body::Bytes;
use chrono::{Datelike, Days, Duration, Months, NaiveTime};
use chrono_tz::Tz;
use directory::entity::{provider_documents, saved_filters};
use identity::entity::patient_flags::{self, PatientFlag};
use inquiry::entity::inquiries;
use kernel::ids::{
    AffiliateAttributionId, AffiliateDiscountCodeId, ConversationFlagId, FlightId, HotelId, PatientFlagId, PatientId,
    ProviderDocumentId, SavedFilterId, UserId,
};
use kernel::{Amount, AppError, AppResult, Timestamp};
use messaging::entity::{conversation_flags, conversations};
use payments::papers;
use platform::App;
use platform::files::{self, Purpose, Upload};
use promotions::entity::{affiliate_attributions, affiliate_discount_codes, code_registry};
use quoting::entity::quotes;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use serde_json::json;
use travel::entity::{flights, hotels};

use super::cast::Clinic;
use super::ledger;
use super::margins::{PARTNERS, of_story};
use super::people::{Person, person};
use super::plots::{Ending, plots};
use super::story::Stage;

/// How many journeys are planned.
const JOURNEYS: usize = 20;

/// Who has a journey to plan or behind them.
const TRAVELLERS: [Ending; 7] = [
    Ending::Confirmed,
    Ending::Paid,
    Ending::CheckedIn,
    Ending::Recovering,
    Ending::Overdue,
    Ending::Urgent,
    Ending::Reviewed,
];

/// A patient of a story with the offer that was accepted, and the clinic that made it.
struct Booked<'a> {
    who: Person,
    patient: PatientId,
    quote: quotes::Model,
    clinic: &'a Clinic,
}

/// The first stories that came to a booking.
async fn booked<'a>(stage: &Stage<'a>, app: &App, endings: &[Ending], most: usize) -> AppResult<Vec<Booked<'a>>> {
    let mut found = Vec::new();
    for plot in plots(stage.scale).into_iter().filter(|plot| endings.contains(&plot.ending)) {
        if found.len() == most {
            break;
        }
        let Some(who) = person(plot.number, stage.anchor.date_naive()) else { continue };
        let Some(patient) = of_story(stage, plot.ending, plot.repeat).await? else { continue };
        let accepted = quotes::Entity::find()
            .inner_join(inquiries::Entity)
            .filter(inquiries::Column::PatientId.eq(patient))
            .filter(inquiries::Column::AcceptedQuoteId.is_not_null())
            .filter(quotes::Column::AcceptedAt.is_not_null())
            .filter(quotes::Column::AppointmentSlotAt.is_not_null())
            .order_by_desc(quotes::Column::AcceptedAt)
            .one(app.db.conn())
            .await?;
        let Some(quote) = accepted else { continue };
        let Some(clinic) = stage.cast.clinics.iter().find(|clinic| clinic.id == quote.provider_id) else { continue };
        found.push(Booked { who, patient, quote, clinic });
    }
    Ok(found)
}

/// Flights there and back, and a hotel, as the patient wrote them down five days after accepting.
pub async fn journeys(stage: &Stage<'_>, app: &App) -> AppResult<()> {
    for (number, booked) in booked(stage, app, &TRAVELLERS, JOURNEYS).await?.into_iter().enumerate() {
        journey(app, &booked, number).await?;
    }
    Ok(())
}

async fn journey(app: &App, booked: &Booked<'_>, number: usize) -> AppResult<()> {
    let quote = &booked.quote;
    let (Some(slot), Some(accepted)) = (quote.appointment_slot_at, quote.accepted_at) else { return Ok(()) };
    let zone: Tz = booked.clinic.house.zone.parse().unwrap_or(Tz::UTC);
    let first = slot.with_timezone(&zone).date_naive();
    let there = first.checked_sub_days(Days::new(1)).unwrap_or(first);
    let stay = u64::try_from(quote.slot_day_count).unwrap_or(1) + 1;
    let back = first.checked_add_days(Days::new(stay)).unwrap_or(first);
    let noted = (accepted + Duration::days(5)).min(app.now());
    let at = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default();
    let hotel = hotels::ActiveModel {
        id: Set(HotelId::new()),
        quote_id: Set(quote.id),
        hotel_name: Set(format!("Hotel Aurora {}", booked.clinic.house.city)),
        hotel_address: Set(format!("12 Garden Street, {}", booked.clinic.house.city)),
        check_in_date: Set(there),
        check_in_time: Set(at(15, 0)),
        check_out_date: Set(back),
        check_out_time: Set(at(11, 0)),
        reservation_number: Set(format!("AUR-{:05}", 20_411 + number * 37)),
        room_type: Set("Double".to_owned()),
        amenities: Set(Some("Breakfast, wifi".to_owned())),
        transportation: Set(number.is_multiple_of(2).then(|| "Transfer by the clinic".to_owned())),
        submitted_by: Set(hotels::HotelSubmittedBy::Patient),
        submitted_by_id: Set(booked.patient.any()),
        submitted_at: Set(noted),
        version: Set(1),
        active_key: Set(Some(format!("H:{}", quote.id))),
        created_at: Set(noted),
        updated_at: Set(noted),
        ..Default::default()
    };
    let id = hotel.insert(app.db.conn()).await?.id;
    ledger::note(app, "hotels", id, None).await?;
    let arrives_at = airport(booked.clinic);
    let legs = [
        (flights::FlightLeg::Outbound, "outbound", booked.who.airport, arrives_at, there, at(9, 40), at(13, 25)),
        (flights::FlightLeg::Return, "return", arrives_at, booked.who.airport, back, at(14, 10), at(17, 55)),
    ];
    for (leg, name, from, to, day, leaves, arrives) in legs {
        let id = FlightId::new();
        let row = flights::ActiveModel {
            id: Set(id),
            quote_id: Set(quote.id),
            leg_type: Set(leg),
            airline_name: Set("Meridian Air".to_owned()),
            flight_number: Set(format!("MD{}", 410 + number * 2 + usize::from(name == "return"))),
            departure_airport: Set(from.to_owned()),
            arrival_airport: Set(to.to_owned()),
            departure_date: Set(day),
            departure_time: Set(leaves),
            arrival_date: Set(day),
            arrival_time: Set(arrives),
            ticket_confirmation_number: Set(format!("K{:05}", 31_007 + number * 53)),
            ticket_class: Set(flights::FlightTicketClass::Economy),
            baggage_allowance: Set(Some("23 kg".to_owned())),
            submitted_by: Set(flights::FlightSubmittedBy::Patient),
            submitted_by_id: Set(booked.patient.any()),
            submitted_at: Set(noted),
            version: Set(1),
            active_key: Set(Some(format!("F:{}:{name}", quote.id))),
            created_at: Set(noted),
            updated_at: Set(noted),
            ..Default::default()
        };
        row.insert(app.db.conn()).await?;
        ledger::note(app, "flights", id, None).await?;
    }
    Ok(())
}

/// The airport of a clinic's city.
fn airport(clinic: &Clinic) -> &'static str {
    match clinic.house.city {
        "Ankara" => "ESB",
        "Izmir" => "ADB",
        "Antalya" => "AYT",
        "Warsaw" => "WAW",
        "Kraków" => "KRK",
        "Barcelona" => "BCN",
        "Madrid" => "MAD",
        "London" => "LHR",
        "Berlin" => "BER",
        "Budapest" => "BUD",
        _ => "IST",
    }
}

/// Every clinic's licence: most are good for years, one ends in twenty days, one has ended.
pub async fn licences(stage: &Stage<'_>, app: &App) -> AppResult<()> {
    use provider_documents::{
        ProviderDocumentScanStatus as Scan, ProviderDocumentType as Kind, ProviderDocumentUploadedByType as By,
        ProviderDocumentVerificationStatus as Verification,
    };
    let (today, admin) = (stage.anchor.date_naive(), stage.cast.admin.admin()?);
    for (number, clinic) in stage.cast.clinics.iter().enumerate() {
        let (expires, state, reminded) = match number {
            3 => (today + Duration::days(20), Verification::Verified, 2),
            5 => (today - Duration::days(12), Verification::Expired, 4),
            _ => (today + Duration::days(400 + i64::try_from(number).unwrap_or(0) * 31), Verification::Verified, 0),
        };
        let issued = expires.checked_sub_months(Months::new(60)).unwrap_or(expires);
        let code = format!("{}-{}-{:04}", clinic.house.country, issued.year(), 117 + number * 61);
        let (id, bytes) = (ProviderDocumentId::new(), paper(clinic, &code, (issued.to_string(), expires.to_string()))?);
        let upload = Upload {
            purpose: Purpose::Document,
            owner_type: "Provider",
            owner_id: clinic.id.any(),
            file_name: "licence.pdf".to_owned(),
            bytes,
        };
        let stored = files::store(app.db.conn(), app, &clinic.owner, upload).await?;
        let row = provider_documents::ActiveModel {
            id: Set(id),
            provider_id: Set(clinic.id),
            document_type: Set(Kind::MedicalLicense),
            document_name: Set("Licence to practise".to_owned()),
            file_id: Set(stored.file.id),
            document_number: Set(Some(app.keys.seal(&code))),
            issuing_authority: Set(Some("Ministry of Health".to_owned())),
            issued_on: Set(Some(issued)),
            expires_on: Set(Some(expires)),
            uploaded_by_type: Set(By::ProviderUser),
            uploaded_by_id: Set(clinic.owner.provider()?.0.any()),
            verification_status: Set(state),
            verified_by: Set(Some(admin)),
            verified_at: Set(Some(app.now())),
            scan_status: Set(Scan::Clean),
            reminder_stage: Set(reminded),
            created_at: Set(app.now()),
            updated_at: Set(app.now()),
            ..Default::default()
        };
        row.insert(app.db.conn()).await?;
        ledger::note(app, "provider_documents", id, None).await?;
    }
    Ok(())
}

fn paper(clinic: &Clinic, code: &str, (issued, expires): (String, String)) -> AppResult<Bytes> {
    let fact = |label: &str, value: &str| (label.to_owned(), value.to_owned());
    let sheet = papers::Sheet {
        title: "Licence to practise".to_owned(),
        number: code.to_owned(),
        language: "en".to_owned(),
        facts: vec![
            fact("Establishment", clinic.house.name),
            fact("Place", clinic.house.city),
            fact("Issued on", &issued),
            fact("Valid until", &expires),
        ],
        notes: vec!["Hair transplantation under local anaesthesia.".to_owned()],
        footer: "Made for a demonstration.".to_owned(),
        ..papers::Sheet::default()
    };
    papers::draw(&sheet).map(Bytes::from)
}

/// Two who may be one person, and one whose cards are looked into.
pub async fn marks(stage: &Stage<'_>, app: &App) -> AppResult<()> {
    let twins = (of_story(stage, Ending::Declined, 4).await?, of_story(stage, Ending::OffersExpired, 1).await?);
    if let (Some(one), Some(other)) = twins {
        for (patient, subject) in [(one, other), (other, one)] {
            mark(app, patient, PatientFlag::DuplicateSuspect, ("duplicate_suspect", Some(subject)), None).await?;
        }
    }
    if let Some(patient) = of_story(stage, Ending::HoldLapsed, 1).await? {
        let admin = stage.cast.admin.admin()?;
        let note = (admin, "Three cards of three holders within an hour.");
        mark(app, patient, PatientFlag::FraudReview, ("fraud_review", None), Some(note)).await?;
    }
    Ok(())
}

async fn mark(
    app: &App,
    patient: PatientId,
    flag: PatientFlag,
    (name, subject): (&str, Option<PatientId>),
    by_hand: Option<(UserId, &str)>,
) -> AppResult<()> {
    let id = PatientFlagId::new();
    let about = subject.map(|subject| subject.to_string()).unwrap_or_default();
    let row = patient_flags::ActiveModel {
        id: Set(id),
        patient_id: Set(patient),
        flag: Set(flag),
        subject_type: Set(subject.map(|_| "Patient".to_owned())),
        subject_id: Set(subject.map(PatientId::any)),
        is_manual: Set(by_hand.is_some()),
        note: Set(by_hand.map(|(_, note)| note.to_owned())),
        opened_by: Set(by_hand.map(|(user, _)| user)),
        opened_at: Set(app.now()),
        open_key: Set(Some(format!("{patient}:{name}:{about}"))),
        created_at: Set(app.now()),
        updated_at: Set(app.now()),
        ..Default::default()
    };
    row.insert(app.db.conn()).await?;
    ledger::note(app, "patient_flags", id, None).await
}

/// Three conversations somebody should look at.
pub async fn threads(stage: &Stage<'_>, app: &App) -> AppResult<()> {
    use conversation_flags::{
        ConversationFlagCategory as Category, ConversationFlagKind as Kind, ConversationFlagSeverity as Severity,
        ConversationFlagStatus as Status,
    };
    let some = conversations::Entity::find().order_by_asc(conversations::Column::Id).limit(3).all(app.db.conn());
    let kinds = [
        (Kind::Automatic, Category::OffPlatformPhrase, Severity::Normal, None),
        (Kind::Manual, Category::PotentialDispute, Severity::High, Some("The number of grafts is in dispute.")),
        (Kind::Manual, Category::FollowUpNeeded, Severity::Normal, Some("Waits for an answer since Monday.")),
    ];
    for (thread, (kind, category, severity, notes)) in some.await?.into_iter().zip(kinds) {
        let id = ConversationFlagId::new();
        let row = conversation_flags::ActiveModel {
            id: Set(id),
            conversation_id: Set(thread.id),
            flag_kind: Set(kind),
            category: Set(category),
            severity: Set(severity),
            notes: Set(notes.map(str::to_owned)),
            status: Set(Status::Active),
            created_by: Set(notes.map(|_| stage.cast.admin.admin()).transpose()?),
            created_at: Set(app.now()),
            updated_at: Set(app.now()),
            ..Default::default()
        };
        row.insert(app.db.conn()).await?;
        ledger::note(app, "conversation_flags", id, None).await?;
    }
    Ok(())
}

/// Two filters of the first administrator.
pub async fn filters(stage: &Stage<'_>, app: &App) -> AppResult<()> {
    let owner = stage.cast.admin.admin()?;
    for (screen, name, filters, is_default) in [
        ("cases", "Offers from Türkiye", json!({ "status": "quote", "provider_country": "TR" }), false),
        ("bookings", "Not paid yet", json!({ "status": "accepted" }), true),
    ] {
        let id = SavedFilterId::new();
        let row = saved_filters::ActiveModel {
            id: Set(id),
            owner_type: Set(saved_filters::SavedFilterOwnerType::User),
            owner_id: Set(owner.any()),
            screen: Set(screen.to_owned()),
            name: Set(name.to_owned()),
            filters: Set(filters),
            is_default: Set(is_default),
            shared_role_id: Set(None),
            created_at: Set(app.now()),
            updated_at: Set(app.now()),
        };
        row.insert(app.db.conn()).await?;
        ledger::note(app, "saved_filters", id, None).await?;
    }
    Ok(())
}

/// A code of each partner, and two bookings each that came by it.
pub async fn codes(stage: &Stage<'_>, app: &App) -> AppResult<()> {
    use affiliate_discount_codes::{
        AffiliateDiscountCodeApplicationMethod as Method, AffiliateDiscountCodeDiscountType as Kind,
        AffiliateDiscountCodeStatus as Status,
    };
    const CODES: [(&str, Kind, i32); 3] =
        [("ADA10", Kind::Percentage, 10), ("SECOND5", Kind::Percentage, 5), ("HAARFORUM", Kind::Fixed, 100)];
    let came = booked(stage, app, &[Ending::Reviewed], 2 * CODES.len()).await?;
    let mut came = came.chunks(2);
    for ((_, _, email, ..), (code, kind, value)) in PARTNERS.iter().zip(CODES) {
        let Some(partner) = ledger::find(app, "affiliates", email).await? else { continue };
        let partner = partner.parse().map_err(|_| AppError::internal("the id of a partner cannot be read"))?;
        let (code_id, brought) = (AffiliateDiscountCodeId::new(), came.next().unwrap_or_default());
        let begun = app.now() - Duration::days(380);
        let row = affiliate_discount_codes::ActiveModel {
            id: Set(code_id),
            affiliate_id: Set(partner),
            code: Set(code.to_owned()),
            discount_type: Set(kind),
            discount_value: Set(Amount::from_units(value)),
            usage_limit: Set(None),
            usage_count: Set(i32::try_from(brought.len()).unwrap_or(0)),
            start_date: Set(Some(begun.date_naive())),
            status: Set(Status::Active),
            campaign_name: Set(Some("Spring".to_owned())),
            per_patient_limit: Set(1),
            application_method: Set(Method::Code),
            version: Set(1),
            created_at: Set(begun),
            updated_at: Set(begun),
            ..Default::default()
        };
        row.insert(app.db.conn()).await?;
        let known = code_registry::ActiveModel {
            code_normalized: Set(code.to_owned()),
            owner_type: Set(code_registry::CodeRegistryOwnerType::AffiliateDiscountCode),
            owner_id: Set(code_id.any()),
            created_at: Set(begun),
        };
        known.insert(app.db.conn()).await?;
        ledger::note(app, "affiliate_discount_codes", code_id, None).await?;
        for booked in brought {
            let captured: Timestamp = booked.quote.created_at - Duration::days(3);
            let id = AffiliateAttributionId::new();
            let row = affiliate_attributions::ActiveModel {
                id: Set(id),
                patient_id: Set(booked.patient),
                affiliate_id: Set(partner),
                affiliate_discount_code_id: Set(code_id),
                source: Set(affiliate_attributions::AffiliateAttributionSource::Code),
                captured_at: Set(captured),
                expires_at: Set(captured + Duration::days(90)),
                state: Set(affiliate_attributions::AffiliateAttributionState::Frozen),
                quote_id: Set(Some(booked.quote.id)),
                created_at: Set(captured),
                updated_at: Set(captured),
                ..Default::default()
            };
            row.insert(app.db.conn()).await?;
            ledger::note(app, "affiliate_attributions", id, None).await?;
        }
    }
    Ok(())
}
