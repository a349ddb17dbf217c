//! What each audience sees (spec 6): the clinic no card and no name before confirmation, strangers nothing.

use kernel::ids::{PatientId, ProviderId, ProviderUserId};
use platform::db::count_statements;
use quoting::entity::quotes;
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, EntityTrait};
use testkit::{TestApp, actors};

use crate::support::{amount, g1, registry};

testkit::both! {
    /// R-PY-28: of a card nobody is shown more than brand and last four, and the clinic not even those.
    async fn the_clinic_sees_money_but_no_card_and_no_name_before_payment(t: TestApp) {
        let booking = g1(&t).await;
        let owner = booking.api.as_actor(actors::clinic_owner(booking.clinician, booking.provider));
        let path = format!("/bookings/{}", booking.quote);
        let started = booking.start_deposit().await;
        booking.confirm(&started, "4000000000009995").await.assert_problem(402, "card_declined");
        t.run_jobs(&registry()).await;
        for before in [owner.get(&path).await.assert_status(200), owner.get("/bookings").await.assert_status(200)] {
            let text = before.text();
            assert!(text.contains("Jane D."), "{text}");
            for hidden in ["Doe", &booking.patient_row.email, "9995", "visa", "insufficient_funds"] {
                assert!(!text.contains(hidden), "{hidden} in {text}");
            }
        }
        payments::seed::pay_deposit(&t.app, &booking.patient, booking.quote).await.unwrap();
        let after = owner.get(&path).await.assert_status(200);
        assert_eq!(after.str("/patient/display_name"), "Jane Doe");
        assert_eq!(after.str("/payment/paid/amount"), "540.98");
        assert_eq!(after.at("/payments").as_array().unwrap().len(), 1, "the declined try is not the clinic's business");
        assert!(!after.text().contains("4242"));
        owner.get(&format!("/payments/{}", started.str("/payment/id"))).await.assert_problem(404, "not_found");
        owner.get(&format!("{path}/documents")).await.assert_problem(403, "forbidden");
    }

    async fn clinical_staff_learns_only_whether_it_is_paid(t: TestApp) {
        let booking = g1(&t).await;
        payments::seed::pay_deposit(&t.app, &booking.patient, booking.quote).await.unwrap();
        let clinical = booking.api.as_actor(actors::clinic_clinical(booking.clinician, booking.provider));
        let view = clinical.get(&format!("/bookings/{}", booking.quote)).await.assert_status(200);
        assert_eq!(view.at("/is_paid"), false);
        for hidden in ["540.98", "2163.91", "2400.00"] {
            assert!(!view.text().contains(hidden), "{hidden}");
        }
    }

    /// R-PY-67: every line can be read, and the accounts of one booking add up to nothing.
    async fn staff_read_the_ledger(t: TestApp) {
        let booking = g1(&t).await;
        payments::seed::pay_deposit(&t.app, &booking.patient, booking.quote).await.unwrap();
        let boss = booking.api.as_actor(actors::super_admin(booking.admin));
        let path = "/admin/ledger?filter[booking_reference]=bkg-2603-00001";
        let (list, statements) = count_statements(boss.get(path)).await;
        let list = list.assert_status(200);
        assert!(statements <= 7, "{statements}");
        assert_eq!(list.at("/meta/total"), 2);
        let line = |at: usize| {
            let side = |name: &str| list.str(&format!("/data/{at}/{name}/amount"));
            (list.str(&format!("/data/{at}/account")), side("debit"), side("credit"))
        };
        assert_eq!(line(1), ("cash", "540.98", "0.00"));
        assert_eq!(line(0), ("customer_funds", "0.00", "540.98"));
        assert_eq!(list.str("/data/0/booking_reference"), "BKG-2603-00001");
        assert_eq!(list.str("/data/0/debit/currency"), "GBP");
        let narrow = boss.get(&format!("{path}&filter[account]=cash&filter[currency]=GBP")).await.assert_status(200);
        assert_eq!(narrow.at("/meta/total"), 1);
        for nothing in ["booking_reference]=BKG-2603-09999", "account]=bad_debt", "currency]=USD"] {
            let empty = boss.get(&format!("/admin/ledger?filter[{nothing}")).await.assert_status(200);
            assert_eq!(empty.at("/meta/total"), 0, "{nothing}");
        }
        let held = payments::queries::ledger::balances(&t.app, &actors::super_admin(booking.admin), booking.quote).await;
        let sum: kernel::Amount = held.unwrap().into_iter().map(|(_, money)| money.amount).sum();
        assert!(sum.is_zero());
        booking.client().get(path).await.assert_status(403);
        let support = actors::staff(booking.admin, "aftercare_specialist");
        booking.api.as_actor(support).get(path).await.assert_problem(403, "forbidden");
    }

    async fn strangers_find_nothing(t: TestApp) {
        let booking = g1(&t).await;
        let started = booking.start_deposit().await;
        let path = format!("/bookings/{}", booking.quote);
        let payment = format!("/payments/{}", started.str("/payment/id"));
        let strangers = [
            actors::patient(PatientId::new()),
            actors::clinic_owner(ProviderUserId::new(), ProviderId::new()),
        ];
        for stranger in strangers {
            let client = booking.api.as_actor(stranger);
            client.get(&path).await.assert_problem(404, "not_found");
            client.get(&payment).await.assert_problem(404, "not_found");
            client.post(&format!("{payment}/sync"), serde_json::json!({})).await.assert_problem(404, "not_found");
            assert_eq!(client.get("/bookings").await.assert_status(200).at("/meta/total"), 0);
        }
        booking.api.get(&path).await.assert_problem(401, "unauthenticated");
        let support = actors::staff(booking.admin, "aftercare_specialist");
        booking.api.as_actor(support).get(&path).await.assert_problem(403, "forbidden");
    }

    async fn the_patient_and_the_staff_see_it_all(t: TestApp) {
        let booking = g1(&t).await;
        payments::seed::pay_deposit(&t.app, &booking.patient, booking.quote).await.unwrap();
        let path = format!("/bookings/{}", booking.quote);
        let mine = booking.client().get(&path).await.assert_status(200);
        assert_eq!(mine.str("/booking_reference"), "BKG-2603-00001");
        assert_eq!(mine.str("/payment/state"), "deposit_paid");
        assert_eq!(mine.str("/payments/0/card/last4"), "4242");
        assert_eq!(booking.client().get(&format!("{path}/documents")).await.at("/0/number"), "INV-2603-00001");
        let boss = booking.api.as_actor(actors::super_admin(booking.admin));
        let all = boss.get(&path).await.assert_status(200);
        assert_eq!(all.str("/commission/amount"), "480.00");
        let found = boss.get(&format!("/admin/transactions?filter[booking_id]={}", booking.quote)).await.assert_status(200);
        assert_eq!(found.at("/meta/total"), 1);
        booking.client().get("/admin/transactions").await.assert_problem(403, "forbidden");
    }

    async fn a_list_needs_few_statements(t: TestApp) {
        let booking = g1(&t).await;
        payments::seed::pay_deposit(&t.app, &booking.patient, booking.quote).await.unwrap();
        let owner = actors::clinic_owner(booking.clinician, booking.provider);
        for actor in [booking.patient.clone(), owner, actors::super_admin(booking.admin)] {
            let client = booking.api.as_actor(actor);
            let (reply, statements) = count_statements(client.get("/bookings")).await;
            assert_eq!(reply.assert_status(200).at("/meta/total"), 1);
            assert!(statements <= 8, "{statements} statements");
        }
    }

    async fn installing_twice_keeps_one_account(t: TestApp) {
        use payments::entity::gateway_accounts;
        use sea_orm::EntityTrait;
        payments::install(&t.app).await.unwrap();
        payments::install(&t.app).await.unwrap();
        let accounts = gateway_accounts::Entity::find().all(t.conn()).await.unwrap();
        assert_eq!(accounts.len(), 1);
        let clear = t.app.keys.open(&accounts[0].webhook_secrets_encrypted).unwrap();
        assert!(clear.contains(&crate::support::secret(&t)));
        assert!(!accounts[0].webhook_secrets_encrypted.ciphertext().contains(&crate::support::secret(&t)));
    }

    async fn a_clinic_finds_its_bookings_by_what_is_paid(t: TestApp) {
        use booking::desk::{self, Payment, Search};

        let booking = g1(&t).await;
        let clinic = testkit::actors::clinic_owner(booking.clinician, booking.provider);
        let found = async || {
            let mut found = Vec::new();
            for payment in Payment::ALL {
                let search = Search { payment: Some(payment), ..Search::default() };
                let list = desk::list(&t.app, &clinic, &search, kernel::PageQuery::default()).await.unwrap();
                assert_eq!(list.meta.total, u64::try_from(list.data.len()).unwrap());
                for line in list.data {
                    // The database and the line agree.
                    assert_eq!(Payment::of(line.status, line.is_paid), Some(payment));
                    found.push(payment);
                }
            }
            found
        };
        assert_eq!(found().await, [Payment::Nothing]);
        payments::seed::pay_deposit(&t.app, &booking.patient, booking.quote).await.unwrap();
        assert_eq!(found().await, [Payment::Part]);
        payments::seed::pay_balance(&t.app, &booking.patient, booking.quote).await.unwrap();
        assert_eq!(found().await, [Payment::Whole]);
        // Terms of a later version ask for more than is there.
        let terms = quoting::entity::booking_terms::Entity::find().one(t.conn()).await.unwrap().unwrap();
        let mut newer = sea_orm::IntoActiveModel::into_active_model(terms.clone());
        newer.id = Set(kernel::ids::BookingTermsId::new());
        newer.version = Set(2);
        newer.payment_total = Set(terms.payment_total + amount("0.01"));
        newer.insert(t.conn()).await.unwrap();
        assert_eq!(found().await, [Payment::Part]);
        // What ended is owed by nobody.
        quotes::Entity::update_many()
            .col_expr(quotes::Column::Status, sea_orm::sea_query::Expr::value("cancelled"))
            .exec(t.conn())
            .await
            .unwrap();
        assert_eq!(found().await, []);
    }
}
