//! Random histories of bookings against a simple model: patients, clinic, staff, the clock and the gateway act in any
//! order, webhooks come twice, late or never, and whatever acts can die between any two statements.
//!
//! What the gateway remembers is the truth about money: at the end of a history our rows, the ledger and the state of every
//! booking must follow from it. A failing history names its seed; `HAIRLINE_TEST_HISTORIES` sets how many are told and
//! `HAIRLINE_TEST_SEED` where they begin.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::task::{Context, Poll};

use booking::entity::cancellation_requests::{self as requests, CancellationRequestStatus as RequestStatus};
use chrono::Duration;
use kernel::{Actor, Amount, Currency, Money};
use payments::entity::payments::{self as payment, PaymentMethod, PaymentStatus, PaymentType};
use payments::entity::{gateway_events, ledger_entries};
use payments::gateway::signature;
use payments::queries;
use payments::rules::checkout::PaymentOption;
use payments::service::cancellation::{self, CancelInput, Decision};
use platform::jobs::run_until_idle;
use quoting::case;
use quoting::entity::quotes::QuoteStatus;
use quoting::entity::schedules::{self, ScheduleStatus};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use testkit::TestApp;

use crate::desk;
use crate::support::{Booking, amount, another, offer, proven, registry, secret};

/// Histories told side by side in one installation.
const TOGETHER: u32 = 5;
/// What happens to each of them.
const STEPS: u32 = 14;

/// Numbers that look like chance and are the same for a seed.
struct Dice(u64);

impl Dice {
    fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0xD1B5_4A32_D192_ED03)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }

    fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[usize::try_from(self.below(all.len() as u64)).unwrap()]
    }
}

/// A piece of work that dies after so many turns, wherever it stands: what it had not committed is gone.
struct Mortal<F> {
    work: Pin<Box<F>>,
    turns: u64,
}

impl<F: Future> Future for Mortal<F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if self.turns == 0 {
            return Poll::Ready(None);
        }
        self.turns -= 1;
        self.work.as_mut().poll(cx).map(Some)
    }
}

/// What the model knows of a booking: what was done for certain, and nothing of how it is stored.
#[derive(Default)]
struct Told {
    /// The patient or staff cancelled it, and were told so.
    cancelled: bool,
    /// The treatment took place.
    treated: bool,
    /// The intent that waits for a card.
    open: Option<(String, String)>,
}

struct History {
    booking: Booking,
    told: Told,
    log: Vec<String>,
}

struct World<'a> {
    t: &'a TestApp,
    dice: Dice,
    histories: Vec<History>,
    staff: Actor,
}

const CARDS: &[&str] = &[
    "4242424242424242",
    "4242424242424242",
    "4242424242424242",
    "5555555555554444",
    "4000000000000002",
    "4000000000009995",
    "4000002500003155",
    "4000000000001000",
    "4000000000000259",
    "4000000000002685",
    "4000000000000341",
];

impl World<'_> {
    /// Runs a piece of work; once in four times it dies on its way. `None` where it died.
    async fn mortal<F: Future>(&mut self, work: F) -> Option<F::Output> {
        let turns = if self.dice.below(4) == 0 { 1 + self.dice.below(60) } else { u64::MAX };
        Mortal { work: Box::pin(work), turns }.await
    }

    async fn step(&mut self, which: usize) {
        let action = self.dice.below(20);
        let name = match action {
            0..=4 => self.start(which).await,
            5..=9 => self.confirm(which).await,
            10..=11 => self.work().await,
            12 => self.lose_webhooks().await,
            13..=14 => self.repeat_webhook().await,
            15 => self.pass_time().await,
            16 => self.cancel(which).await,
            17 => self.decide().await,
            18 => self.treat(which).await,
            _ => self.lie(which).await,
        };
        self.histories[which].log.push(name);
    }

    async fn start(&mut self, which: usize) -> String {
        let (app, booking) = (&self.t.app, &self.histories[which].booking);
        let Ok(checkout) = queries::checkout(app, &booking.patient, booking.quote).await else {
            return "no checkout".into();
        };
        let mut choices: Vec<(PaymentOption, Money, Option<u8>)> =
            checkout.options.iter().map(|offer| (offer.option, offer.now, None)).collect();
        choices.extend(
            checkout.installments.iter().filter_map(|choice| {
                Some((PaymentOption::Installments, choice.items.first()?.money, Some(choice.count)))
            }),
        );
        if choices.is_empty() {
            return format!("nothing to pay: {:?}", checkout.blocked);
        }
        let (option, money, count) = self.dice.pick(&choices);
        let mut ask = Booking::body(json!(option).as_str().unwrap(), &money.amount.to_string(), money.currency.code());
        if let Some(count) = count {
            ask["installments"] = count.into();
            ask["accept_automatic_charges"] = true.into();
        }
        let path = format!("/bookings/{}/payments", self.histories[which].booking.quote);
        let client = self.histories[which].booking.client();
        let Some(reply) = self.mortal(client.post(&path, ask)).await else { return format!("start {option:?} died") };
        if reply.status == 200 && reply.json["intent_id"].is_string() {
            let open = (reply.str("/intent_id").to_owned(), reply.str("/client_secret").to_owned());
            self.histories[which].told.open = Some(open);
        }
        format!("start {option:?} {money}: {}", reply.status)
    }

    async fn confirm(&mut self, which: usize) -> String {
        let Some((intent, key)) = self.histories[which].told.open.clone() else { return "no intent".into() };
        let number = self.dice.pick(CARDS);
        let card = json!({ "number": number, "exp_month": 12, "exp_year": 2030, "cvc": "123" });
        let client = self.histories[which].booking.api.clone();
        let path = format!("/simulator/payment-intents/{intent}/confirm");
        let Some(reply) = self.mortal(client.post(&path, json!({ "client_secret": key, "card": card }))).await else {
            return format!("card {number} died");
        };
        if reply.json["status"] == "requires_action" {
            let approve = self.dice.below(3) > 0;
            let path = format!("/simulator/payment-intents/{intent}/authenticate");
            let answer = client.post(&path, json!({ "client_secret": key, "approve": approve })).await;
            return format!("card {number} asked, approved {approve}: {}", answer.status);
        }
        format!("card {number}: {}", reply.status)
    }

    async fn work(&mut self) -> String {
        let (app, registry) = (self.t.app.clone(), registry());
        match self.mortal(async move { run_until_idle(&app, &registry).await }).await {
            Some(done) => format!("work: {} failed", done.unwrap().len()),
            None => "the worker died".to_owned(),
        }
    }

    /// What the gateway owes never arrives.
    async fn lose_webhooks(&mut self) -> String {
        let lost = "DELETE FROM jobs WHERE job_type = 'payments.simulator_deliver' AND status = 'queued' \
                    AND payload LIKE '%payment_intent.%'";
        let done = self.t.conn().execute_unprepared(lost).await.unwrap();
        format!("{} webhooks lost", done.rows_affected())
    }

    /// An event comes again: the same one, or the same under another id.
    async fn repeat_webhook(&mut self) -> String {
        let all =
            gateway_events::Entity::find().order_by_asc(gateway_events::Column::Id).all(self.t.conn()).await.unwrap();
        if all.is_empty() {
            return "no event to repeat".into();
        }
        let index = usize::try_from(self.dice.below(all.len() as u64)).unwrap();
        let mut event = all[index].payload.clone();
        if self.dice.below(2) == 0 {
            event["id"] = json!(format!("evt_again_{}", self.dice.below(u64::MAX)));
        }
        self.deliver(&event).await;
        format!("again: {}", event["type"])
    }

    async fn deliver(&mut self, event: &Value) {
        let booking = &self.histories[0].booking;
        let body = event.to_string();
        let header = signature::sign(&secret(self.t), self.t.now(), body.as_bytes());
        let api = booking.api.header("stripe-signature", &header);
        let path = format!("/webhooks/gateway/{}", booking.account);
        self.mortal(api.raw(&path, "application/json", body)).await;
    }

    async fn pass_time(&mut self) -> String {
        let hours = self.dice.pick(&[1_i64, 1, 6, 24, 49, 24 * 8, 24 * 31]);
        self.t.advance(Duration::hours(hours));
        format!("{hours} hours pass")
    }

    async fn cancel(&mut self, which: usize) -> String {
        let booking = &self.histories[which].booking;
        let by_staff = self.dice.below(3) == 0;
        let actor = if by_staff { self.staff.clone() } else { booking.patient.clone() };
        let (app, quote) = (self.t.app.clone(), booking.quote);
        let ask = CancelInput { reason: "My plans have changed a lot.".to_owned(), ..CancelInput::default() };
        match self.mortal(async move { cancellation::cancel(&app, &actor, quote, &ask).await }).await {
            Some(Ok(done)) => {
                self.histories[which].told.cancelled |= done.ended;
                format!("cancelled: {}", done.ended)
            }
            Some(Err(error)) => format!("not cancelled: {}", error.code),
            None => "the canceller died".to_owned(),
        }
    }

    /// Staff grant the oldest refund that waits.
    async fn decide(&mut self) -> String {
        let waits = requests::Entity::find()
            .filter(requests::Column::Status.eq(RequestStatus::Pending))
            .order_by_asc(requests::Column::Id)
            .one(self.t.conn())
            .await
            .unwrap();
        let Some(request) = waits else { return "nothing to decide".into() };
        let staff = desk::proven(self.t, &self.histories[0].booking).await;
        let mut decision = Decision {
            version: request.version,
            reason: "The policy for this day before the treatment.".to_owned(),
            ..Decision::default()
        };
        for _ in 0..2 {
            let (app, actor, asked) = (self.t.app.clone(), staff.clone(), decision.clone());
            match self.mortal(async move { cancellation::approve(&app, &actor, request.id, &asked).await }).await {
                Some(Err(error)) if error.fields.0.contains_key("typed") => {
                    let shown: Money = serde_json::from_value(error.extra["amount"].clone()).unwrap();
                    decision.typed = Some(shown.amount);
                }
                Some(Err(error)) => return format!("not granted: {}", error.code),
                Some(Ok(())) => return "granted".to_owned(),
                None => return "whoever decides died".to_owned(),
            }
        }
        "not granted".to_owned()
    }

    /// The treatment takes place where all is paid.
    async fn treat(&mut self, which: usize) -> String {
        let quote = self.histories[which].booking.quote;
        let balance = payments::balance(self.t.conn(), quote).await.unwrap();
        let row = self.histories[which].booking.quote_row(self.t).await;
        if row.status != QuoteStatus::Confirmed || !balance.due.is_zero() {
            return "not to be treated".into();
        }
        let (app, system) = (self.t.app.clone(), Actor::system());
        let done: kernel::AppResult<()> = async {
            platform::write_txn!(app.db, |txn| {
                let held = case::lock(txn, quote).await?;
                case::start_treatment(txn, &app, &system, &held).await?;
                let held = case::lock(txn, quote).await?;
                case::complete_treatment(txn, &app, &system, &held).await
            })
        }
        .await;
        done.unwrap();
        payments::service::treated::treated(&self.t.app, quote).await.unwrap();
        self.histories[which].told.treated = true;
        "treated".to_owned()
    }

    /// The gateway speaks of other money than there is: it is put aside.
    async fn lie(&mut self, which: usize) -> String {
        let rows = self.histories[which].booking.payments(self.t).await;
        let Some(row) = rows.iter().find(|row| row.stripe_payment_intent_id.is_some()) else { return "no lie".into() };
        let minor = payments::rules::minor::to_minor(row.amount, row.currency).unwrap();
        let event = json!({
            "id": format!("evt_lie_{}", self.dice.below(u64::MAX)), "object": "event", "type": "payment_intent.succeeded",
            "created": self.t.now().timestamp(), "livemode": false,
            "data": { "object": { "id": row.stripe_payment_intent_id, "object": "payment_intent", "amount": minor,
                "amount_received": minor - 1, "currency": row.currency.code().to_lowercase(), "metadata": {} } },
        });
        self.deliver(&event).await;
        "a lie".to_owned()
    }

    /// Everything that is owed arrives, everything that waits is done or given up.
    async fn settle_down(&mut self) {
        for hours in [1, 25, 1, 1] {
            self.t.advance(Duration::hours(hours));
            for _ in 0..2 {
                run_until_idle(&self.t.app, &registry()).await.unwrap();
            }
        }
        let failed = run_until_idle(&self.t.app, &registry()).await.unwrap();
        assert!(failed.is_empty(), "work is left undone: {failed:?}");
    }

    async fn check(&self) {
        proven(self.t).await;
        for history in &self.histories {
            self.check_one(history).await;
        }
        let all = ledger_entries::Entity::find().all(self.t.conn()).await.unwrap();
        let mut sums: BTreeMap<Currency, Amount> = BTreeMap::new();
        for entry in all {
            let sum = sums.entry(entry.currency).or_default();
            *sum = *sum + entry.debit - entry.credit;
        }
        assert!(sums.values().all(|sum| sum.is_zero()), "the books do not balance: {sums:?}");
    }

    async fn check_one(&self, history: &History) {
        let (booking, told) = (&history.booking, &history.told);
        let rows = booking.payments(self.t).await;
        let quote = booking.quote_row(self.t).await;
        let memory = |row: &payment::Model| {
            row.metadata.as_ref().and_then(|it| it["gateway_status"].as_str().map(str::to_owned))
        };
        let paid =
            |row: &&payment::Model| matches!(row.payment_status, PaymentStatus::Completed | PaymentStatus::Refunded);
        let (refunds, charges): (Vec<_>, Vec<_>) = rows.iter().partition(|row| row.payment_type == PaymentType::Refund);
        // What the gateway took is what we booked, attempt by attempt: none lost, none twice.
        for row in charges.iter().filter(|row| row.payment_method == PaymentMethod::Card) {
            let took =
                matches!(memory(row).as_deref(), Some("succeeded" | "disputed" | "dispute_won" | "charged_back"));
            assert_eq!(took, paid(row), "{} is {:?} here and {:?} there", row.id, row.payment_status, memory(row));
            assert_ne!(row.payment_status, PaymentStatus::Pending, "an attempt is open after a day: {row:?}");
        }
        assert!(refunds.iter().all(|row| row.payment_status != PaymentStatus::Pending), "a refund never left");
        let sum = |rows: &[&payment::Model]| rows.iter().copied().filter(paid).map(|row| row.amount).sum::<Amount>();
        let (received, returned) = (sum(&charges), sum(&refunds));
        assert!(returned <= received, "{returned} went back of {received}");
        for charge in &charges {
            let back: Amount = refunds
                .iter()
                .filter(|row| row.refund_of_payment_id == Some(charge.id))
                .filter(|row| paid(row))
                .map(|row| row.amount)
                .sum();
            assert!(back <= charge.amount, "more went back than came");
            assert_eq!(charge.payment_status == PaymentStatus::Refunded, paid(charge) && back == charge.amount);
        }
        // The model: who cancelled has no booking, who was treated has been.
        if told.cancelled {
            assert_eq!(quote.status, QuoteStatus::Cancelled);
        }
        if told.treated {
            assert!(matches!(quote.status, QuoteStatus::Aftercare | QuoteStatus::Completed), "{:?}", quote.status);
        }
        let held = received - returned;
        let terms = quoting::store::newest_terms(self.t.conn(), booking.quote).await.unwrap().unwrap();
        let charged_back = refunds.iter().any(|row| row.metadata.as_ref().is_some_and(|it| it["kind"] == "chargeback"));
        let slots = schedules::Entity::find()
            .filter(schedules::Column::QuoteId.eq(booking.quote))
            .filter(schedules::Column::Status.ne(ScheduleStatus::Cancelled))
            .all(self.t.conn())
            .await
            .unwrap();
        match quote.status {
            QuoteStatus::Confirmed => {
                assert_eq!((slots.len(), slots[0].status), (1, ScheduleStatus::Confirmed), "paid and without a slot");
                assert!(held.is_positive() || charged_back, "confirmed without money");
                assert!(held <= terms.payment_total, "{held} is more than the price {}", terms.payment_total);
            }
            QuoteStatus::Accepted => {
                assert_eq!((slots.len(), slots[0].status), (1, ScheduleStatus::Pending));
                assert!(held.is_zero(), "money, and no booking");
            }
            QuoteStatus::Quote | QuoteStatus::Cancelled => {
                assert!(slots.is_empty(), "{:?} and still holds a slot", quote.status);
                let waits = requests::Entity::find()
                    .filter(requests::Column::QuoteId.eq(booking.quote))
                    .filter(requests::Column::Status.ne(RequestStatus::Denied))
                    .all(self.t.conn())
                    .await
                    .unwrap();
                // What a cancellation keeps, or has not decided about; otherwise everything went back.
                assert!(held.is_zero() || !waits.is_empty(), "{held} of nobody is kept, {:?}", quote.status);
            }
            _ => assert!(told.treated, "{:?} and never treated", quote.status),
        }
    }
}

async fn tell(t: &TestApp, seed: u64) {
    let first = offer(t, "GB", Money::new(amount("2400.00"), Currency::EUR)).await;
    inquiry::install(&t.app).await.unwrap();
    first.accept(t).await;
    let mut dice = Dice::new(seed);
    let mut histories = Vec::new();
    for number in 0..TOGETHER {
        let country = dice.pick(&["GB", "DE", "US", "TR"]);
        let currency = dice.pick(&[Currency::EUR, Currency::USD, Currency::GBP]);
        let price =
            Amount::new(rust_decimal::Decimal::new(60_000 + i64::try_from(dice.below(400_000)).unwrap(), 2)).unwrap();
        let booking = another(t, &first, number, country, Money::new(price, currency)).await;
        histories.push(History {
            booking,
            told: Told::default(),
            log: vec![format!("{price} {currency} from {country}")],
        });
    }
    let staff = desk::proven(t, &first).await;
    let mut world = World { t, dice, histories, staff };
    for _ in 0..STEPS * TOGETHER {
        let which = usize::try_from(world.dice.below(u64::from(TOGETHER))).unwrap();
        world.step(which).await;
    }
    world.settle_down().await;
    // Told with the failure, and only then.
    let logs: Vec<String> =
        world.histories.iter().map(|it| format!("{}: {}", it.booking.quote, it.log.join("; "))).collect();
    let telling = Telling { seed, logs };
    world.check().await;
    std::mem::forget(telling);
}

/// Says which history it was when the test ends before it is forgotten.
struct Telling {
    seed: u64,
    logs: Vec<String>,
}

impl Drop for Telling {
    fn drop(&mut self) {
        println!("the history of HAIRLINE_TEST_SEED={} failed:\n{}", self.seed, self.logs.join("\n"));
    }
}

fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

testkit::both! {
    async fn money_in_is_money_out_and_money_held_whatever_happens(t: TestApp) {
        let engine = t.engine;
        let (from, count) = (number("HAIRLINE_TEST_SEED", 1), number("HAIRLINE_TEST_HISTORIES", 30));
        let mut told = 0;
        let mut seed = from;
        let mut given = Some(t);
        while told < count {
            let t = match given.take() {
                Some(t) => t,
                None => TestApp::start(engine).await.unwrap(),
            };
            tell(&t, seed).await;
            // Two thousand programs in one process: each gives its connections back before the next begins. One whose work
            // died in the middle of an answer may wait for the rest of it for ever: nobody waits for that one.
            let closed = tokio::time::timeout(std::time::Duration::from_secs(5), t.app.db.clone().close());
            closed.await.map_or(Ok(()), |closed| closed).unwrap();
            told += u64::from(TOGETHER);
            seed += 1;
        }
        println!("{told} histories, seeds {from} to {}", seed - 1);
    }
}
