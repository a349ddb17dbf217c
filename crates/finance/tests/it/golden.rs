//! G6 to the minor unit: a payout, a refund behind it, the rest carried until it is absorbed.

use finance::entity::provider_bill_items::ProviderBillItemKind as Kind;
use finance::entity::provider_bills::{ProviderBillReadiness as Readiness, ProviderBillStatus as Status};
use kernel::{Amount, Currency};
use payments::entity::payment_documents::{self, PaymentDocumentKind};
use quoting::entity::quotes::QuoteDiscountFunding as Funding;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use testkit::TestApp;

use crate::support::{account_in, amount, day, euros, world};

/// Numbers of the payout invoices, in order.
async fn invoices(t: &TestApp) -> Vec<String> {
    let papers = payment_documents::Entity::find()
        .filter(payment_documents::Column::Kind.eq(PaymentDocumentKind::PayoutInvoice))
        .order_by_asc(payment_documents::Column::Id);
    papers.all(t.conn()).await.unwrap().into_iter().map(|row| row.document_number).collect()
}

testkit::both! {
    async fn g6_payout_with_carry_forward(t: TestApp) {
        let world = world(&t).await;
        world.give(&t, &euros()).await;
        let a = world.treated(&t, "DE", "2400.00", "2026-03-02", "2026-06-15").await;
        let b = world.treated(&t, "DE", "1850.50", "2026-03-03", "2026-06-17").await;
        assert_eq!(world.payable(&t, Currency::EUR).await, amount("3437.41"));

        let first = world.settle(&t, "2026-06-23", "2026-06-26").await;
        assert_eq!((first.period_start, first.period_end, first.payout_date), (day("2026-06-15"), day("2026-06-21"), day("2026-06-26")));
        assert_eq!((first.gross_amount, first.commission_amount), (amount("4250.50"), amount("813.09")));
        assert_eq!((first.adjustment_amount, first.net_amount), (Amount::ZERO, amount("3437.41")));
        assert!(first.bill_reference.ends_with("-2026-W25") && first.bill_reference.starts_with("PST-P"), "{}", first.bill_reference);
        let lines = world.lines(&t, first.id).await;
        let nets: Vec<_> = lines.iter().map(|line| (line.quote_id, line.commission, line.net)).collect();
        assert_eq!(nets, [(Some(a), amount("480.00"), amount("1920.00")), (Some(b), amount("333.09"), amount("1517.41"))]);
        assert_eq!((first.transfer_attempt, first.transfer_id.is_some()), (1, true));
        assert_eq!(world.ledger(&t, first.id).await, ["ProviderPayable EUR 3437.41/0.00", "Cash EUR 0.00/3437.41"]);
        assert_eq!(world.payable(&t, Currency::EUR).await, Amount::ZERO);

        // R-PY-57: the refund behind the payout is shared at once in the books, and taken from what comes.
        t.at("2026-06-29T09:00:00Z");
        world.refund(&t, a, "1000.00").await;
        assert_eq!(world.payable(&t, Currency::EUR).await, amount("-800.00"));
        let due = payments::balance(t.conn(), a).await.unwrap();
        assert_eq!((due.paid, due.due), (amount("1400.00"), Amount::ZERO), "what was given back is not owed again");

        world.treated(&t, "DE", "625.00", "2026-03-05", "2026-06-30").await;
        let second = world.settle(&t, "2026-07-07", "2026-07-10").await;
        assert_eq!((second.gross_amount, second.commission_amount), (amount("625.00"), amount("125.00")));
        assert_eq!((second.adjustment_amount, second.net_amount), (amount("500.00"), Amount::ZERO));
        assert_eq!((second.transfer_attempt, second.transfer_id.clone(), second.banking_detail_id), (0, None, None));
        let taken = world.lines(&t, second.id).await.pop().unwrap();
        assert_eq!((taken.kind, taken.net, taken.balance_after), (Kind::RefundDeduction, amount("-500.00"), amount("300.00")));
        assert_eq!(world.ledger(&t, second.id).await, Vec::<String>::new(), "nothing moved");
        assert_eq!(world.payable(&t, Currency::EUR).await, amount("-300.00"));

        world.treated(&t, "DE", "1500.00", "2026-03-06", "2026-07-07").await;
        let third = world.settle(&t, "2026-07-14", "2026-07-17").await;
        assert_eq!((third.adjustment_amount, third.net_amount), (amount("300.00"), amount("900.00")));
        let taken = world.lines(&t, third.id).await.pop().unwrap();
        assert_eq!((taken.kind, taken.net, taken.balance_after), (Kind::CarryForward, amount("-300.00"), Amount::ZERO));
        assert_eq!(world.payable(&t, Currency::EUR).await, Amount::ZERO);
        assert_eq!(invoices(&t).await, ["PIN-2606-00001", "PIN-2607-00001", "PIN-2607-00002"]);
    }

    async fn g6_to_an_account_in_lira(t: TestApp) {
        let world = world(&t).await;
        world.give(&t, &account_in("TRY")).await;
        let a = world.treated(&t, "DE", "2400.00", "2026-03-02", "2026-06-15").await;
        // The rate moves afterwards: nothing changes (R-PY-15).
        catalogue::fx::set_manual_rate(t.conn(), t.now(), Currency::TRY, "40".parse().unwrap(), "5".parse().unwrap()).await.unwrap();
        let bill = world.settle(&t, "2026-06-23", "2026-06-26").await;
        assert_eq!(bill.currency, Currency::TRY);
        assert_eq!((bill.gross_amount, bill.commission_amount, bill.net_amount), (amount("90000.00"), amount("18000.00"), amount("72000.00")));
        let terms = quoting::store::newest_terms(t.conn(), a).await.unwrap().unwrap();
        assert_eq!((terms.payout_currency, terms.payout_rate), (Some(Currency::TRY), Some("37.5".parse().unwrap())));
        let wanted = [
            "ProviderPayable EUR 1920.00/0.00",
            "FxClearing EUR 0.00/1920.00",
            "FxClearing TRY 72000.00/0.00",
            "Cash TRY 0.00/72000.00",
        ];
        assert_eq!(world.ledger(&t, bill.id).await, wanted);
        assert_eq!(world.payable(&t, Currency::EUR).await, Amount::ZERO);

        t.at("2026-06-29T09:00:00Z");
        world.refund(&t, a, "1000.00").await;
        world.treated(&t, "DE", "625.00", "2026-03-05", "2026-06-30").await;
        let second = world.build(&t, "2026-07-07").await;
        // 500.00 EUR are 18,750 TRY; the share of the refund is 30,000 TRY.
        assert_eq!((second.adjustment_amount, second.net_amount), (amount("18750.00"), Amount::ZERO));
        assert_eq!(world.lines(&t, second.id).await.pop().unwrap().balance_after, amount("11250.00"));
        assert_eq!(second.readiness, Readiness::Ready);
        assert_eq!(second.status, Status::PendingApproval);
    }

    /// Who pays for a discount decides what a line says (R-PY-49, the statement of the finance area's own example).
    async fn the_lines_of_discounts(t: TestApp) {
        let world = world(&t).await;
        world.give(&t, &euros()).await;
        let booked = [
            ("2700.00", "300.00", Funding::Both, "2026-06-15", ["2700.00", "540.00", "2160.00"]),
            ("1800.00", "200.00", Funding::Platform, "2026-06-16", ["2000.00", "400.00", "1600.00"]),
            ("1350.00", "150.00", Funding::Provider, "2026-06-17", ["1350.00", "300.00", "1050.00"]),
        ];
        for (price, off, funding, slot, _) in booked {
            let quote = world.booked(&t, "DE", (price, Some((off, funding))), "2026-03-02", slot).await;
            world.treat(&t, quote, &format!("{slot}T14:00:00Z")).await;
        }
        let bill = world.settle(&t, "2026-06-23", "2026-06-26").await;
        let lines = world.lines(&t, bill.id).await;
        for (line, (.., wanted)) in lines.iter().zip(booked) {
            assert_eq!([line.gross, line.commission, line.net], wanted.map(amount));
        }
        assert_eq!((bill.gross_amount, bill.commission_amount, bill.net_amount), (amount("6050.00"), amount("1240.00"), amount("4810.00")));
        assert_eq!(world.payable(&t, Currency::EUR).await, Amount::ZERO);
    }
}
