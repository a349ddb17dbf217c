//! Masses of made-up rows keep the schema's rules, and everything the area shows answers over them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use sea_orm::{ConnectionTrait, Statement};
use server::explain;
use server::scale::{self, Scale};
use testkit::{TestApp, both};

async fn number(t: &TestApp, sql: &str) -> i64 {
    let statement = Statement::from_string(t.app.db.backend(), sql);
    t.conn().query_one_raw(statement).await.unwrap().unwrap().try_get_by_index(0).unwrap()
}

both! {
    async fn masses_of_rows_fit_together(t: TestApp) {
        server::install(&t.app).await.unwrap();
        let scale = Scale { inquiries: 2_000, clinics: 30, asked: 12 };
        let told = Arc::new(AtomicU64::new(0));
        let heard = told.clone();
        let filled = scale::fill(&t.app, scale, Arc::new(move |rows| heard.store(rows, Ordering::Relaxed))).await.unwrap();
        assert_eq!(filled.rows, scale::expected(&scale));
        assert_eq!(told.load(Ordering::Relaxed), filled.rows);
        assert_eq!(number(&t, "SELECT COUNT(*) FROM inquiries").await, 2_000);
        assert_eq!(number(&t, "SELECT COUNT(*) FROM quotes").await, 6_000);
        assert_eq!(number(&t, "SELECT COUNT(*) FROM providers").await, 30);
        assert_eq!(number(&t, "SELECT COUNT(DISTINCT provider_id) FROM quotes").await, 12);
        // Where keys were not looked up while writing, they are now.
        for (table, column, of) in [
            ("inquiries", "patient_id", "patients"),
            ("medical_histories", "inquiry_id", "inquiries"),
            ("location_preferences", "inquiry_id", "inquiries"),
            ("location_preferences_countries", "location_preference_id", "location_preferences"),
            ("inquiry_providers", "inquiry_id", "inquiries"),
            ("inquiry_providers", "provider_id", "providers"),
            ("quotes", "inquiry_id", "inquiries"),
            ("quotes", "provider_id", "providers"),
            ("quotes", "treatment_id", "treatments"),
            ("quote_clinicians", "quote_id", "quotes"),
            ("quote_clinicians", "provider_user_id", "provider_users"),
            ("workflow_timelines", "inquiry_id", "inquiries"),
            ("booking_terms", "quote_id", "quotes"),
            ("schedules", "quote_id", "quotes"),
            ("payments", "quote_id", "quotes"),
            ("payments", "patient_id", "patients"),
            ("ledger_entries", "payment_id", "payments"),
        ] {
            let lost = format!("SELECT COUNT(*) FROM {table} a LEFT JOIN {of} b ON b.id = a.{column} WHERE a.{column} IS NOT NULL AND b.id IS NULL");
            assert_eq!(number(&t, &lost).await, 0, "{table}.{column}");
        }
        let twice = "SELECT COUNT(*) FROM (SELECT patient_id FROM inquiries WHERE status IN \
            ('inquiry', 'quote', 'accepted', 'confirmed', 'inprogress') GROUP BY patient_id HAVING COUNT(*) > 1) x";
        assert_eq!(number(&t, twice).await, 0, "one open request per patient");
        let stray = "SELECT COUNT(*) FROM quotes q JOIN inquiries i ON i.id = q.inquiry_id \
            WHERE q.status IN ('accepted', 'confirmed', 'inprogress', 'aftercare', 'completed') AND q.status <> i.status";
        assert_eq!(number(&t, stray).await, 0, "a stage follows its quote");
        // What was paid and shared is in the books, to the cent.
        let report = server::ledger::verify(&t.app, |_| ()).await.unwrap();
        assert!(report.is_ok() && report.bookings > 800, "{} bookings, {:#?}", report.bookings, report.faults);
        let again = scale::fill(&t.app, scale, Arc::new(|_| ())).await.unwrap_err();
        assert_eq!(again.code, "not_empty");

        let looked = explain::run(&t.app, 1, |_| ()).await.unwrap();
        // The command must be able to fail: what reads everything is found out, what an index answers is not.
        for (sql, is_scan) in [
            ("SELECT id FROM quotes ORDER BY note LIMIT 5", true),
            ("SELECT COUNT(*) AS n FROM quotes WHERE note LIKE '%graft%'", true),
            ("SELECT id FROM quotes ORDER BY created_at DESC, id DESC LIMIT 20", false),
            ("SELECT id FROM quotes WHERE inquiry_id = 'x' ORDER BY note", false),
        ] {
            let found = explain::scans(&t.app, &Statement::from_string(t.app.db.backend(), sql), 1_000).await.unwrap();
            assert_eq!(!found.is_empty(), is_scan, "{sql}: {found:?}");
        }
        let bad: Vec<_> = looked.iter().filter(|one| !one.is_fine()).collect();
        assert!(looked.len() > 30 && bad.is_empty(), "{bad:#?}");
    }
}
