//! The clinic's pages: what they show, what they ask, and that a quote can be written with forms alone.

use axum::Extension;
use kernel::ids::QuoteId;
use platform::web::CsrfToken;
use quoting::entity::quotes::{Column, Entity, QuoteStatus, QuoteStatusReason};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use testkit::{Client, Reply, TestApp};

use crate::world::*;

const BROWSER: &str = "browser";

fn desk(t: &TestApp, w: &World, clinic: usize) -> Client {
    let pages = quoting::pages().layer(Extension(CsrfToken(BROWSER.to_owned())));
    t.client(pages).as_actor(w.owner(clinic))
}

async fn post(t: &TestApp, client: &Client, path: &str, fields: &[(&str, &str)]) -> Reply {
    let token = t.app.keys.mac("csrf", BROWSER);
    let mut all = vec![("_csrf", token.as_str())];
    all.extend_from_slice(fields);
    client.form(path, &all).await
}

fn location(reply: &Reply) -> String {
    reply.headers["location"].to_str().unwrap().to_owned()
}

fn quote_in(path: &str) -> QuoteId {
    path.split(['=', '/', '&', '?']).find_map(|part| part.parse().ok()).unwrap()
}

testkit::both! {
    async fn a_quote_is_written_with_forms_alone(t: TestApp) {
        let w = world(&t, &[("2500.00", "2.00")]).await;
        let hotel = w.package(&t, 0, "Hotel", gbp("300.00")).await.to_string();
        let clinic = desk(&t, &w, 0);
        let list = clinic.get("/provider/inquiries").await.assert_status(200).text();
        assert!(list.contains(&format!("/provider/cases/{}", w.inquiry)) && !list.contains("Doe"), "{list}");
        let case = clinic.get(&format!("/provider/cases/{}", w.inquiry)).await.assert_status(200).text();
        assert!(!case.contains("John") && !case.contains("Doe"), "{case}");

        let editor = format!("/provider/cases/{}/quote", w.inquiry);
        let (treatment, owner) = (w.treatment.to_string(), w.clinics[0].owner.to_string());
        clinic.get(&editor).await.assert_status(200);
        let typed = [
            ("treatment_id", treatment.as_str()), ("estimated_grafts", "3000"), ("packages", hotel.as_str()),
            ("clinician_id", owner.as_str()), ("slot.date", "2026-05-12"), ("slot.time", "09:00"), ("slot.day_count", "1"),
            ("plan.0.description", "Extraction and implantation"),
        ];
        let price = post(&t, &clinic, &format!("{editor}/preview"), &typed).await.assert_status(200).text();
        assert!(price.contains("8,800.00") && price.contains("7,040.00"), "{price}");
        assert_eq!(Entity::find().filter(Column::InquiryId.eq(w.inquiry)).count(t.conn()).await.unwrap(), 0);

        let more = [&typed[..], &[("op", "add-plan")]].concat();
        let page = post(&t, &clinic, &editor, &more).await.assert_status(200).text();
        assert!(page.contains("name=\"plan.1.description\""), "{page}");

        let saving = [&typed[..], &[("op", "save")]].concat();
        let first = location(&post(&t, &clinic, &editor, &saving).await.assert_status(303));
        let again = location(&post(&t, &clinic, &editor, &saving).await.assert_status(303));
        assert_eq!(quote_in(first.split("quote=").nth(1).unwrap()), quote_in(again.split("quote=").nth(1).unwrap()));
        let id = quote_in(first.split("quote=").nth(1).unwrap());
        let version = quote(&t, id).await.version.to_string();
        let id_text = id.to_string();
        let known = [("quote", id_text.as_str()), ("version", version.as_str())];

        let stale = [&typed[..], &[("quote", id_text.as_str()), ("version", "-7"), ("op", "save")]].concat();
        let refused = post(&t, &clinic, &editor, &stale).await.assert_status(409).text();
        assert!(refused.contains(&format!("{editor}?quote={id}")), "{refused}");

        let sending = [&typed[..], &known[..], &[("op", "submit")]].concat();
        let sent = location(&post(&t, &clinic, &editor, &sending).await.assert_status(303));
        assert!(sent.starts_with(&format!("/provider/quotes/{id}")), "{sent}");
        assert_eq!(quote(&t, id).await.quote_amount, gbp("8800.00").amount);
        // The same form once more leads to the quote and changes nothing.
        let twice = location(&post(&t, &clinic, &editor, &sending).await.assert_status(303));
        assert!(twice.starts_with(&format!("/provider/quotes/{id}")), "{twice}");
        assert_eq!(quote(&t, id).await.version, 1);
    }

    async fn what_is_missing_stands_beside_its_field_and_the_draft_is_kept(t: TestApp) {
        let w = world(&t, &[("2500.00", "2.00")]).await;
        let clinic = desk(&t, &w, 0);
        let editor = format!("/provider/cases/{}/quote", w.inquiry);
        let treatment = w.treatment.to_string();
        let fields = [
            ("treatment_id", treatment.as_str()), ("estimated_grafts", "3000"), ("slot.date", "2026-07-30"),
            ("slot.time", "09:00"), ("op", "submit"),
        ];
        let page = post(&t, &clinic, &editor, &fields).await.assert_status(422).text();
        assert!(page.contains("slot-date-error") && page.contains("clinician_id-error"), "{page}");
        assert!(page.contains("plan-0-description-error"), "{page}");
        assert_eq!(Entity::find().filter(Column::InquiryId.eq(w.inquiry)).count(t.conn()).await.unwrap(), 1);
    }

    async fn what_is_typed_becomes_the_draft_by_itself(t: TestApp) {
        let w = world(&t, &[("2500.00", "2.00")]).await;
        let clinic = desk(&t, &w, 0);
        let editor = format!("/provider/cases/{}/quote", w.inquiry);
        let autosave = format!("{editor}/autosave");
        let page = clinic.get(&editor).await.assert_status(200).text();
        assert!(page.contains(&format!("data-autosave=\"{autosave}\"")), "{page}");
        let drafts = async || Entity::find().filter(Column::InquiryId.eq(w.inquiry)).count(t.conn()).await.unwrap();
        let early = post(&t, &clinic, &autosave, &[("estimated_grafts", "3000")]).await.assert_status(422).text();
        assert!(!early.contains("data-kept"), "{early}");
        assert_eq!(drafts().await, 0);

        let treatment = w.treatment.to_string();
        let typed = [("treatment_id", treatment.as_str()), ("estimated_grafts", "3000")];
        let kept = post(&t, &clinic, &autosave, &typed).await.assert_status(200).text();
        let id = quote_in(kept.split("data-quote=\"").nth(1).unwrap().split('"').next().unwrap());
        let version = quote(&t, id).await.version.to_string();
        assert!(kept.contains(&format!("data-version=\"{version}\"")), "{kept}");
        let id_text = id.to_string();
        let more = [&typed[..1], &[("estimated_grafts", "3200"), ("quote", &id_text), ("version", &version)]].concat();
        post(&t, &clinic, &autosave, &more).await.assert_status(200);
        assert_eq!((drafts().await, quote(&t, id).await.estimated_grafts), (1, Some(3200)));
        // Somebody else's window still has the version before: it is told, and loses nothing of the other's.
        post(&t, &clinic, &autosave, &more).await.assert_status(409);
        // So is a window that was opened before there was a draft.
        post(&t, &clinic, &autosave, &typed).await.assert_status(409);
        let page = clinic.get(&editor).await.assert_status(200).text();
        assert!(page.contains("value=\"3200\""), "{page}");

        // What the patient has is never changed by itself.
        let sent = w.sent(&t, 0, 3000).await;
        let before = quote(&t, sent).await;
        let (sent_text, version) = (sent.to_string(), before.version.to_string());
        let over = [&typed[..1], &[("estimated_grafts", "9"), ("quote", &sent_text), ("version", &version)]].concat();
        post(&t, &clinic, &autosave, &over).await.assert_status(409);
        assert_eq!(quote(&t, sent).await, before);
        let revising = clinic.get(&format!("{editor}?quote={sent}")).await.assert_status(200).text();
        assert!(!revising.contains("data-autosave"), "{revising}");
    }

    /// R-IQ-41: what was typed in pounds is kept and said to be pounds; it never goes out as euros.
    async fn amounts_typed_before_the_price_list_changed_are_asked_for_again(t: TestApp) {
        let w = world(&t, &[("2500.00", "2.00")]).await;
        let clinic = desk(&t, &w, 0);
        let editor = format!("/provider/cases/{}/quote", w.inquiry);
        let (treatment, owner) = (w.treatment.to_string(), w.clinics[0].owner.to_string());
        let typed = [
            ("treatment_id", treatment.as_str()), ("estimated_grafts", "3000"), ("clinician_id", owner.as_str()),
            ("slot.date", "2026-05-12"), ("slot.time", "09:00"), ("slot.day_count", "1"), ("slot.price", "8100.00"),
            ("plan.0.description", "Extraction and implantation"),
        ];
        let saving = [&typed[..], &[("currency", "GBP"), ("op", "save")]].concat();
        let id = quote_in(location(&post(&t, &clinic, &editor, &saving).await.assert_status(303)).split("quote=").nth(1).unwrap());
        use catalogue::entity::provider_treatment_pricing as price_list;
        price_list::Entity::update_many()
            .col_expr(price_list::Column::Currency, sea_orm::sea_query::Expr::value(kernel::Currency::EUR))
            .filter(price_list::Column::TreatmentId.eq(w.treatment))
            .exec(t.conn()).await.unwrap();
        let said = "Prices are in EUR now";
        let page = clinic.get(&format!("{editor}?quote={id}")).await.assert_status(200).text();
        assert!(page.contains(said) && page.contains("typed in GBP") && page.contains("8100.00"), "{page}");
        let (id_text, version) = (id.to_string(), quote(&t, id).await.version.to_string());
        let known = [("quote", id_text.as_str()), ("version", version.as_str()), ("op", "submit")];
        let sending = [&typed[..], &known[..], &[("currency", "GBP")]].concat();
        let refused = post(&t, &clinic, &editor, &sending).await.assert_status(422).text();
        assert!(refused.contains(said) && refused.contains("slot-price-error") && refused.contains("8100.00"), "{refused}");
        assert_eq!(quote(&t, id).await.status, QuoteStatus::Inquiry);
        let anew = [&typed[..6], &[("slot.price", "9400.00"), ("plan.0.description", "Extraction"), ("currency", "EUR")], &known[..]].concat();
        post(&t, &clinic, &editor, &anew).await.assert_status(303);
        let row = quote(&t, id).await;
        assert_eq!((row.currency, row.quote_amount), (kernel::Currency::EUR, gbp("9400.00").amount));
    }

    async fn an_offer_is_withdrawn_once_and_strangers_find_nothing(t: TestApp) {
        let w = world(&t, &[("2500.00", "2.00"), ("2600.00", "2.00")]).await;
        let id = w.sent(&t, 0, 3000).await;
        let page = format!("/provider/quotes/{id}");
        desk(&t, &w, 1).get(&page).await.assert_status(404);
        let clinic = desk(&t, &w, 0);
        clinic.get(&page).await.assert_status(200);
        let withdraw = format!("{page}/withdraw");
        post(&t, &clinic, &withdraw, &[("reason", "")]).await.assert_status(422);
        for _ in 0..2 {
            post(&t, &clinic, &withdraw, &[("reason", "Wrong price")]).await.assert_status(303);
        }
        assert_eq!(state(&t, id).await, (QuoteStatus::Cancelled, Some(QuoteStatusReason::Withdrawn)));
        clinic.get(&page).await.assert_status(200);
        let case = format!("/provider/cases/{}", w.inquiry);
        clinic.get(&case).await.assert_status(200);
        let other = desk(&t, &w, 1);
        post(&t, &other, &format!("{case}/decline"), &[("reason", "other")]).await.assert_status(422);
        post(&t, &other, &format!("{case}/decline"), &[("reason", "no_capacity")]).await.assert_status(303);
        let list = other.get("/provider/inquiries?state=declined&sort=-deadline").await.assert_status(200).text();
        assert!(list.contains(&case), "{list}");
    }

    async fn pages_need_few_statements(t: TestApp) {
        let w = world(&t, &[("2500.00", "2.00")]).await;
        let id = w.sent(&t, 0, 3000).await;
        let clinic = desk(&t, &w, 0);
        // Six for the page; the case also notes that its medical part was read.
        for (path, most) in [
            ("/provider/inquiries".to_owned(), 6),
            (format!("/provider/cases/{}", w.inquiry), 7),
            (format!("/provider/quotes/{id}"), 6),
        ] {
            clinic.get(&path).await.assert_status(200);
            let (_, statements) = platform::db::count_statements(clinic.get(&path)).await;
            assert!(statements <= most, "{path} needs {statements}");
        }
    }
}
