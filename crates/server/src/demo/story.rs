//! One patient's story, told through the use cases of the wings at the times they happened.
//!
//! Every step looks whether it was taken before: a story that was cut short goes on where it stopped.

use chrono::{Datelike, Duration, NaiveDate, TimeZone};
use chrono_tz::Tz;
use identity::entity::patients;
use identity::seed::PatientSpec;
use inquiry::case::CancelInput;
use inquiry::entity::inquiries::{self, InquiryProblem, InquiryStatus};
use inquiry::entity::inquiry_drafts;
use inquiry::seed::InquirySpec;
use inquiry::service::clinic::{AcknowledgeInput, DeclineInput};
use inquiry::service::draft::{self, SaveDraft};
use kernel::ids::{InquiryId, PatientId, QuoteId};
use kernel::{Actor, ActorKind, AppError, AppResult, DateRange, Guard, Timestamp};
use payments::gateway::simulator::CardInput;
use payments::rules::checkout::PaymentOption;
use platform::App;
use platform::jobs::Registry;
use quoting::entity::quotes::{self, QuoteStatus};
use quoting::rules::content::IncludedService;
use quoting::seed::QuoteSpec;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::cast::{Cast, Clinic, actor};
use super::dice::Dice;
use super::people::{Person, person};
use super::pictures::Album;
use super::plots::{Ending, Plot, Scale};
use super::{aftermath, clock, ledger, talk, texts};

/// What all stories share.
pub struct Stage<'a> {
    /// The program in the present.
    pub app: &'a App,
    /// All dates are counted from here.
    pub anchor: Timestamp,
    /// Staff, clinics, catalogue.
    pub cast: &'a Cast,
    /// Pictures.
    pub album: &'a Album,
    /// Events and jobs, without the clockwork of the whole platform.
    pub work: &'a Registry,
    /// What the clock does to requests and offers.
    pub clockwork: &'a Registry,
    /// How much is made.
    pub scale: Scale,
}

/// One story while it is told.
pub struct Story<'a> {
    /// What it shares with the others.
    pub stage: &'a Stage<'a>,
    /// Which one.
    pub plot: Plot,
    /// Its chance.
    pub dice: Dice,
    /// The patient.
    pub patient: PatientId,
    /// The patient, acting.
    pub actor: Actor,
    /// The clinics asked; the first one is chosen in the end.
    pub clinics: Vec<&'a Clinic>,
    /// When it begins, where its ending does not say so.
    begins: Option<Timestamp>,
}

/// The table under which told stories are noted.
const TOLD: &str = "patients";

/// Tells a story unless it was told to its end before.
pub async fn tell(stage: &Stage<'_>, plot: Plot) -> AppResult<()> {
    let today = stage.anchor.date_naive();
    let who = person(plot.number, today).ok_or_else(|| AppError::internal("a story without a person"))?;
    if ledger::find(stage.app, TOLD, &who.key).await?.is_some() {
        return Ok(());
    }
    let mut dice = Dice::of(&who.key);
    let clinics = choose(stage, plot, &mut dice);
    let mut story =
        Story { stage, plot, patient: PatientId::new(), actor: Actor::anonymous(), dice, clinics, begins: None };
    if let Some(mut earlier) = story.earlier() {
        Box::pin(earlier.come_to_nothing(&who)).await?;
    }
    Box::pin(story.register(&who)).await?;
    // On the heap: a whole case is deep.
    Box::pin(story.run()).await?;
    story.note().await?;
    // Last, because it says that nothing is missing.
    ledger::note(stage.app, TOLD, story.patient, Some(&who.key)).await
}

/// The clinic of the story, then others in its countries; the three largest are chosen more often.
fn choose<'a>(stage: &Stage<'a>, plot: Plot, dice: &mut Dice) -> Vec<&'a Clinic> {
    let all = &stage.cast.clinics;
    let reviewed = matches!(plot.ending, Ending::Reviewed | Ending::ReviewPending | Ending::Completed);
    // Reviews go round, so that every clinic has some.
    let first = match plot.repeat {
        repeat if reviewed => repeat,
        _ if dice.chance(45) => usize::try_from(dice.between(0, 2)).unwrap_or(0),
        _ => usize::try_from(dice.between(0, 11)).unwrap_or(0),
    };
    let count = usize::try_from(dice.between(1, 2)).unwrap_or(1);
    let mut chosen: Vec<&Clinic> = Vec::new();
    for step in 0..all.len() {
        let place = (first + step * 5) % all.len().max(1);
        if let Some(clinic) = all.get(place)
            && chosen.len() <= count
        {
            chosen.push(clinic);
        }
    }
    chosen
}

impl<'a> Story<'a> {
    /// The program at a time.
    pub fn at(&self, instant: Timestamp) -> App {
        clock::at(self.stage.app, instant)
    }

    /// The clinic that is chosen.
    pub fn clinic(&self) -> AppResult<&'a Clinic> {
        self.clinics.first().copied().ok_or_else(|| AppError::internal("a story without a clinic"))
    }

    /// Whether it ends there.
    pub fn ending_is(&self, ending: Ending) -> bool {
        self.plot.ending == ending
    }

    /// So many days and hours before the anchor.
    pub fn ago(&self, days: i64, hours: i64) -> Timestamp {
        self.stage.anchor - Duration::days(days) - Duration::hours(hours)
    }

    /// Lets the effects of a step happen a minute later.
    pub async fn settle(&self, instant: Timestamp) -> AppResult<()> {
        work(&self.at(instant + Duration::minutes(1)), self.stage.work).await
    }

    /// Lets the clock end what is over.
    async fn tick(&self, instant: Timestamp) -> AppResult<()> {
        let app = self.at(instant);
        for schedule in &self.stage.clockwork.schedules {
            (schedule.run)(&app).await?;
        }
        self.settle(instant).await
    }

    async fn register(&mut self, who: &Person) -> AppResult<()> {
        let known = patients::Entity::find().filter(patients::Column::Email.eq(&who.email));
        self.patient = match known.one(self.stage.app.db.conn()).await? {
            Some(row) => row.id,
            None => {
                let joined = self.begins() - Duration::days(self.dice.between(1, 9));
                let app = self.at(joined);
                let mut spec = PatientSpec::new(&app, who.first, who.last);
                spec.email = who.email.clone();
                spec.country = who.country.to_owned();
                spec.city = Some(who.city.to_owned());
                spec.gender = who.gender;
                spec.birthday = who.birthday;
                spec.phone = who.phone.clone();
                spec.password = self.stage.cast.password.clone();
                spec.all_consents = !self.plot.number.is_multiple_of(3);
                identity::seed::patient(&app, spec).await?.id
            }
        };
        self.actor = actor(ActorKind::Patient(self.patient), Guard::Patient, "patient");
        Ok(())
    }

    /// Days between the treatment and the anchor; negative when it is ahead.
    fn treated_ago(&self) -> i64 {
        let repeat = i64::try_from(self.plot.repeat).unwrap_or(0);
        match self.plot.ending {
            Ending::Accepted => -(38 + repeat * 5),
            Ending::Confirmed if self.pays_in_parts() => -(90 + repeat * 4),
            Ending::Confirmed => -(21 + repeat * 4),
            Ending::Paid => -(6 + repeat * 3),
            Ending::CheckedIn => 0,
            Ending::Recovering => 4 + repeat * 19,
            Ending::Overdue => 12 + repeat * 14,
            Ending::Urgent => 3 + repeat,
            Ending::Reviewed => 112 + repeat * 7 / 2,
            Ending::ReviewPending => 96 + repeat * 2,
            // Before the first of the reviewed ones, whose clinics go round.
            Ending::Completed => 300 + repeat * 9,
            _ => -45,
        }
    }

    /// A request of the same patient that came to nothing, some weeks before: most looked around once already.
    fn earlier(&self) -> Option<Self> {
        /// The clinics joined thirteen months ago.
        const FIRST: i64 = 385;
        if self.stage.scale != Scale::Usual || self.plot.ending == Ending::Draft {
            return None;
        }
        let mut dice = Dice::of(&format!("earlier {}", self.plot.number));
        let begins = self.begins() - Duration::days(dice.between(45, 130));
        if begins < self.ago(FIRST, 0) {
            return None;
        }
        let endings = [Ending::OffersExpired, Ending::Declined, Ending::OffersExpired, Ending::Cancelled];
        // Even repeats of a cancelled story have offers.
        let plot = Plot { ending: *dice.pick(&endings)?, repeat: 0, ..self.plot };
        let clinics = choose(self.stage, Plot { repeat: self.plot.repeat + 3, ..plot }, &mut dice);
        Some(Self { plot, dice, clinics, actor: self.actor.clone(), begins: Some(begins), ..*self })
    }

    /// Tells a request that came before the real one, to its end: nobody has two at once.
    async fn come_to_nothing(&mut self, who: &Person) -> AppResult<()> {
        self.register(who).await?;
        Box::pin(self.run()).await?;
        let end = self.begins() + Duration::days(9);
        self.tick(end).await?;
        let open = inquiries::Entity::find()
            .filter(inquiries::Column::PatientId.eq(self.patient))
            .filter(inquiries::Column::CreatedAt.lt(end))
            .filter(inquiries::Column::Status.is_in([InquiryStatus::Inquiry, InquiryStatus::Quote]));
        match open.one(self.stage.app.db.conn()).await? {
            Some(case) => self.cancel(case.id, end + Duration::hours(1)).await,
            None => Ok(()),
        }
    }

    /// When the request was sent (or the draft saved).
    fn begins(&self) -> Timestamp {
        if let Some(begins) = self.begins {
            return begins;
        }
        let repeat = i64::try_from(self.plot.repeat).unwrap_or(0);
        match self.plot.ending {
            // Within the days, hours and holds that keep these stages open.
            Ending::Draft => self.ago(repeat % 6, 5),
            Ending::Fresh => self.ago(0, 3 + repeat % 12 * 5),
            Ending::Waiting => self.ago(2, 4 + repeat % 9),
            Ending::Accepted => self.ago(2, 3),
            Ending::Cancelled | Ending::Declined => self.ago(9 + repeat * 20, 7),
            Ending::OffersExpired | Ending::Unanswered => self.ago(12 + repeat * 18, 4),
            Ending::HoldLapsed => self.ago(20 + repeat * 40, 2),
            // The second of the parts was paid last week, was refused two days ago, was refused for the last time weeks ago.
            Ending::Confirmed if self.pays_in_parts() => match repeat {
                2 => self.ago(40, 0),
                6 => self.ago(34, 0),
                _ => self.ago(60, 0),
            },
            Ending::Confirmed | Ending::Paid => self.ago(40 + self.treated_ago(), 6).min(self.ago(16, 6)),
            _ => self.ago(self.treated_ago() + 46, 6),
        }
    }

    /// The first day of the treatment in the clinic's calendar.
    pub fn treatment_day(&self) -> AppResult<NaiveDate> {
        let zone: Tz = self.clinic()?.house.zone.parse().unwrap_or(Tz::UTC);
        let ahead = match self.plot.ending {
            // Far enough from the day the request was sent.
            Ending::Cancelled | Ending::Declined | Ending::OffersExpired | Ending::Unanswered | Ending::HoldLapsed => {
                self.begins() + Duration::days(41)
            }
            _ => self.ago(self.treated_ago(), 0),
        };
        Ok(ahead.with_timezone(&zone).date_naive())
    }

    async fn run(&mut self) -> AppResult<()> {
        use Ending::*;
        let sent = self.begins();
        if self.plot.ending == Draft {
            return self.save_draft(sent).await;
        }
        let case = self.submit(sent).await?;
        match self.plot.ending {
            Fresh => return Ok(()),
            Unanswered => return self.tick(sent + Duration::hours(73)).await,
            Cancelled if self.plot.repeat % 2 == 1 => return self.cancel(case, sent + Duration::hours(9)).await,
            _ => {}
        }
        let offered = sent + Duration::hours(20);
        let chosen = self.offers(case, offered).await?;
        if self.begins.is_none() {
            talk::before(self, offered + Duration::hours(2)).await?;
        }
        match self.plot.ending {
            Waiting => self.give_back(case, offered + Duration::hours(3)).await,
            Cancelled => self.cancel(case, offered + Duration::hours(30)).await,
            Declined => self.decline_all(case, offered + Duration::hours(26)).await,
            OffersExpired => {
                self.tick(offered + Duration::hours(50)).await?;
                self.tick(sent + Duration::hours(90)).await
            }
            _ => {
                let accepted = offered + Duration::hours(self.dice.between(5, 28));
                self.accept(case, chosen, accepted).await?;
                self.pay_and_go(chosen, accepted).await
            }
        }
    }

    async fn pay_and_go(&mut self, chosen: QuoteId, accepted: Timestamp) -> AppResult<()> {
        match self.plot.ending {
            Ending::Accepted => return self.hesitate(chosen, accepted + Duration::hours(1)).await,
            Ending::HoldLapsed => return self.tick(accepted + Duration::hours(50)).await,
            _ => {}
        }
        let paid = accepted + Duration::hours(3);
        let at_once = self.plot.number % 4 == 1 && self.plot.ending != Ending::Confirmed;
        if self.pays_in_parts() {
            self.pay_in_parts(chosen, paid).await?;
        } else {
            self.pay(chosen, paid, at_once, payments::seed::good_card()).await?;
        }
        talk::after_booking(self, paid + Duration::hours(6)).await?;
        if self.plot.ending == Ending::Confirmed {
            return if self.plot.repeat % 5 == 4 { self.back_out(chosen).await } else { Ok(()) };
        }
        if !at_once {
            let rest = (self.ago(self.treated_ago(), 0) - Duration::days(9)).max(paid + Duration::days(1));
            self.pay(chosen, rest.min(self.ago(0, 1)), true, self.last_card()).await?;
        }
        match self.plot.ending {
            Ending::Paid => Ok(()),
            _ => aftermath::treat(self, chosen).await,
        }
    }

    fn inquiry_spec(&mut self) -> AppResult<InquirySpec> {
        let day = self.treatment_day()?;
        let countries: Vec<&str> = self.clinics.iter().map(|clinic| clinic.house.country).collect();
        let mut destinations: Vec<&str> = Vec::new();
        for country in countries {
            if !destinations.contains(&country) {
                destinations.push(country);
            }
        }
        let providers: Vec<_> = self.clinics.iter().map(|clinic| clinic.id).collect();
        let mut spec = InquirySpec::new(&destinations, &providers, self.stage.album.before(self.plot.number));
        spec.details = self.dice.text(texts::CONCERNS).to_owned();
        spec.severity = self.dice.between(3, 9);
        spec.problem = match self.plot.number % 9 {
            4 => InquiryProblem::BeardTransplant,
            7 => InquiryProblem::Both,
            _ => InquiryProblem::HairTransplant,
        };
        let yes: &[&str] = match self.plot.number % 7 {
            2 => &["medicine_allergy", "medication"],
            3 => &["hypertension"],
            5 => &["diabetes", "medication"],
            _ => &[],
        };
        let range = DateRange { start: day - Duration::days(2), end: day + Duration::days(9) };
        Ok(spec.answering_yes(yes).on(&[range]))
    }

    async fn save_draft(&mut self, instant: Timestamp) -> AppResult<()> {
        let app = self.at(instant);
        let saved = inquiry_drafts::Entity::find().filter(inquiry_drafts::Column::PatientId.eq(self.patient));
        if saved.one(app.db.conn()).await?.is_some() {
            return Ok(());
        }
        let set = catalogue::questionnaire::require_active(app.db.conn()).await?;
        let mut payload = self.inquiry_spec()?.payload(&app, &set);
        payload.questionnaire = None;
        payload.terms_accepted = false;
        let save = SaveDraft { step: "medical".to_owned(), payload, version: None };
        draft::save(&app, &self.actor, &save).await.map(drop)
    }

    async fn submit(&mut self, instant: Timestamp) -> AppResult<InquiryId> {
        let spec = self.inquiry_spec()?;
        // Not the one of another time.
        let around = (instant - Duration::hours(1), instant + Duration::hours(1));
        let known = inquiries::Entity::find()
            .filter(inquiries::Column::PatientId.eq(self.patient))
            .filter(inquiries::Column::CreatedAt.between(around.0, around.1));
        let id = match known.one(self.stage.app.db.conn()).await? {
            Some(row) => row.id,
            None => inquiry::seed::inquiry(&self.at(instant), self.patient, spec).await?,
        };
        self.settle(instant).await?;
        Ok(id)
    }

    /// Offers of the clinics asked, half an hour apart; answers the one of the chosen clinic.
    async fn offers(&mut self, case: InquiryId, from: Timestamp) -> AppResult<QuoteId> {
        let clinics = self.clinics.clone();
        let last = clinics.len().saturating_sub(1);
        let mut chosen = None;
        for (place, clinic) in clinics.into_iter().enumerate() {
            // The last one asked gives the case back in some stories.
            if self.plot.ending == Ending::Waiting && place == last && place > 0 && self.plot.repeat.is_multiple_of(3) {
                continue;
            }
            let instant = from + Duration::minutes(30) * i32::try_from(place).unwrap_or(0);
            let quote = self.offer(case, clinic, instant).await?;
            chosen.get_or_insert(quote);
        }
        self.settle(from + Duration::hours(1)).await?;
        chosen.ok_or_else(|| AppError::internal("a story without an offer"))
    }

    async fn offer(&mut self, case: InquiryId, clinic: &Clinic, instant: Timestamp) -> AppResult<QuoteId> {
        let app = self.at(instant);
        let known = quotes::Entity::find()
            .filter(quotes::Column::InquiryId.eq(case))
            .filter(quotes::Column::ProviderId.eq(clinic.id))
            .order_by_asc(quotes::Column::Id);
        if let Some(row) = known.one(app.db.conn()).await?
            && row.submitted_at.is_some()
        {
            return Ok(row.id);
        }
        match inquiry::service::clinic::acknowledge_alert(&app, &clinic.owner, case, &AcknowledgeInput::default()).await
        {
            Err(error) if error.code != "alert_not_critical" => return Err(error),
            _ => {}
        }
        let day = self.treatment_day()?;
        let doctor = self.dice.pick(&clinic.doctors).copied();
        let treatment = self.dice.pick(&self.stage.cast.treatments).copied();
        let (Some(doctor), Some(treatment)) = (doctor, treatment) else {
            return Err(AppError::internal("a clinic without doctors or treatments"));
        };
        let grafts = i32::try_from(self.dice.between(14, 42) * 100).unwrap_or(2000);
        let note = self.dice.text(texts::NOTES);
        let hours = ["08:30", "09:00", "10:00"];
        let time = self.dice.text(&hours);
        let mut refused = None;
        // Another patient may have that morning: the clinic offers the next doctor, then the next day.
        for later in 0..8_usize {
            let place = clinic.doctors.iter().position(|it| *it == doctor).unwrap_or(0) + later;
            let who = clinic.doctors.get(place % clinic.doctors.len().max(1)).copied().unwrap_or(doctor);
            let days = i64::try_from(later / clinic.doctors.len().max(1)).unwrap_or(0);
            // Who is at the clinic today came for today.
            let days = if self.treated_ago() >= 0 { 0 } else { days };
            let mut spec = QuoteSpec::new(treatment, grafts, who, day + Duration::days(days));
            spec.time = time.to_owned();
            spec.days = 2;
            spec.packages = clinic.packages.iter().copied().take(self.plot.number % 3).collect();
            spec.included =
                if self.plot.number.is_multiple_of(2) { vec![IncludedService::Transport] } else { Vec::new() };
            spec.note = Some(note.to_owned());
            match quoting::seed::draft_and_submit(&app, &clinic.owner, case, &spec).await {
                Ok(id) => return Ok(id),
                Err(error) if error.code == "slot_unavailable" => refused = Some(error),
                Err(error) => return Err(error),
            }
        }
        Err(refused.unwrap_or_else(|| AppError::internal("no morning is free")))
    }

    /// The clinic asked last has no room for the patient.
    async fn give_back(&mut self, case: InquiryId, instant: Timestamp) -> AppResult<()> {
        if !self.plot.repeat.is_multiple_of(3) || self.clinics.len() < 2 {
            return Ok(());
        }
        let Some(clinic) = self.clinics.last() else { return Ok(()) };
        let note = self.dice.text(texts::DECLINES).to_owned();
        let ask = DeclineInput { reason: "no_capacity".to_owned(), note: Some(note) };
        let app = self.at(instant);
        inquiry::service::clinic::decline(&app, &clinic.owner, case, &ask).await?;
        self.settle(instant).await
    }

    async fn cancel(&mut self, case: InquiryId, instant: Timestamp) -> AppResult<()> {
        let app = self.at(instant);
        let row = inquiries::Entity::find_by_id(case).one(app.db.conn()).await?;
        if row.is_some_and(|row| row.cancelled_at.is_none()) {
            let why = CancelInput { reason: "changed_my_mind".to_owned(), notes: None, feedback: None };
            quoting::service::cancel::cancel_inquiry(&app, &self.actor, case, &why).await?;
        }
        self.settle(instant).await
    }

    async fn decline_all(&mut self, case: InquiryId, instant: Timestamp) -> AppResult<()> {
        let app = self.at(instant);
        let open = quotes::Entity::find()
            .filter(quotes::Column::InquiryId.eq(case))
            .filter(quotes::Column::Status.eq(QuoteStatus::Quote));
        for quote in open.all(app.db.conn()).await? {
            quoting::service::leave::decline(&app, &self.actor, quote.id, None).await?;
        }
        self.settle(instant).await
    }

    async fn accept(&mut self, case: InquiryId, quote: QuoteId, instant: Timestamp) -> AppResult<()> {
        let app = self.at(instant);
        let row = inquiries::Entity::find_by_id(case).one(app.db.conn()).await?;
        if row.is_some_and(|row| row.accepted_quote_id.is_none()) {
            quoting::seed::accept(&app, self.patient, quote).await?;
        }
        self.settle(instant).await
    }

    /// What the rest is paid with. A few holders of cards ask their bank for the money later: two in three lose, and the
    /// verdict on a treatment that is still ahead is yet to come.
    fn last_card(&self) -> CardInput {
        match (self.plot.ending, self.plot.repeat) {
            (Ending::Reviewed, 3..=6) | (Ending::Paid, 1..=2) => payments::seed::disputed_card(true),
            (Ending::Reviewed, 7..=8) => payments::seed::disputed_card(false),
            _ => payments::seed::good_card(),
        }
    }

    async fn pay(&mut self, quote: QuoteId, instant: Timestamp, all: bool, card: CardInput) -> AppResult<()> {
        let app = self.at(instant);
        let balance = payments::balance(app.db.conn(), quote).await?;
        let option = match (all, balance.paid.is_positive(), balance.due.is_positive()) {
            (_, _, false) | (false, true, _) => return self.settle(instant).await,
            (true, true, true) => PaymentOption::Balance,
            (true, false, true) => PaymentOption::Full,
            (false, false, true) => PaymentOption::Deposit,
        };
        payments::seed::pay_by_card(&app, &self.actor, quote, option, card).await?;
        self.settle(instant).await
    }

    /// Whether the price is paid in parts.
    fn pays_in_parts(&self) -> bool {
        self.plot.ending == Ending::Confirmed && self.plot.repeat % 4 == 2
    }

    /// In three parts. The bank of all but the first who do so refuses the second one, and goes on refusing.
    async fn pay_in_parts(&mut self, quote: QuoteId, instant: Timestamp) -> AppResult<()> {
        let app = self.at(instant);
        if !payments::balance(app.db.conn(), quote).await?.paid.is_positive() {
            let is_good = self.plot.repeat == 2;
            let card = if is_good { payments::seed::good_card() } else { payments::seed::card_refused_later() };
            payments::seed::pay_in_parts(&app, &self.actor, quote, 3, card).await?;
        }
        self.settle(instant).await?;
        // The days around the second part and the attempts that follow a refusal.
        for day in 29..=42 {
            let morning = instant + Duration::days(day);
            if morning < self.ago(0, 1) {
                payments::service::plans::charge_due(&self.at(morning)).await?;
                self.settle(morning).await?;
            }
        }
        Ok(())
    }

    /// Accepted and not yet paid: some wait for their bank, some look for another card.
    async fn hesitate(&mut self, quote: QuoteId, instant: Timestamp) -> AppResult<()> {
        let app = self.at(instant);
        let tried = payments::entity::payments::Entity::find()
            .filter(payments::entity::payments::Column::QuoteId.eq(quote))
            .one(app.db.conn())
            .await?;
        match self.plot.repeat % 4 {
            1 if tried.is_none() => drop(payments::seed::begin_transfer(&app, &self.actor, quote).await?),
            2 if tried.is_none() => drop(payments::seed::try_declined_card(&app, &self.actor, quote).await?),
            _ => {}
        }
        self.settle(instant).await
    }

    /// The patient cancels a paid booking the day before the anchor; what comes back depends on the days that are left.
    async fn back_out(&mut self, quote: QuoteId) -> AppResult<()> {
        let instant = self.ago(1, 4);
        let why = payments::service::cancellation::CancelInput {
            reason: "My employer moved the project into those weeks, I cannot travel.".to_owned(),
            ..Default::default()
        };
        // Asked again, it answers what was asked first.
        payments::service::cancellation::cancel(&self.at(instant), &self.actor, quote, &why).await?;
        self.settle(instant).await
    }

    /// The clinic's clock time on a day, as an instant.
    pub fn local(&self, day: NaiveDate, hour: u32, minute: u32) -> AppResult<Timestamp> {
        let zone: Tz = self.clinic()?.house.zone.parse().unwrap_or(Tz::UTC);
        let there = zone.with_ymd_and_hms(day.year(), day.month(), day.day(), hour, minute, 0).earliest();
        there
            .map(|instant| instant.to_utc())
            .ok_or_else(|| AppError::internal("an hour the clinic's day does not have"))
    }

    /// Notes the rows of the case.
    async fn note(&self) -> AppResult<()> {
        let (app, conn) = (self.stage.app, self.stage.app.db.conn());
        let cases = inquiries::Entity::find().filter(inquiries::Column::PatientId.eq(self.patient)).all(conn).await?;
        for case in cases {
            ledger::note(app, "inquiries", case.id, None).await?;
            let offers = quotes::Entity::find().filter(quotes::Column::InquiryId.eq(case.id)).all(conn).await?;
            for quote in offers {
                ledger::note(app, "quotes", quote.id, None).await?;
            }
        }
        Ok(())
    }
}

/// Runs events and jobs that are due, and names those that failed.
pub async fn work(app: &App, registry: &Registry) -> AppResult<()> {
    for failure in platform::jobs::run_until_idle(app, registry).await? {
        tracing::warn!(what = %failure.what, error = %failure.error, "a job of the demonstration failed");
    }
    Ok(())
}
