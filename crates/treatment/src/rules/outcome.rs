//! The end of a treatment: what it needs and how its result compares (R-TT-21, R-TT-30, R-TT-32).

use kernel::{AppError, AppResult, FieldErrors};
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

use crate::entity::timelines::TimelineStatus;
use crate::rules::days;

/// Most grafts one treatment can have.
pub const MAX_GRAFTS: i32 = 10_000;

/// Actual grafts against the estimate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Variance {
    /// Actual minus estimated.
    pub grafts: i32,
    /// In percent of the estimate with one decimal: `-6.7`.
    #[schema(example = "-6.7")]
    pub percent: String,
}

/// Compares the result with the estimate, half away from zero. The estimate itself is never changed.
pub fn variance(estimated: i32, actual: i32) -> Variance {
    let grafts = actual - estimated;
    let percent = match Decimal::from(estimated) {
        zero if zero.is_zero() => Decimal::ZERO,
        estimated => Decimal::from(grafts) * Decimal::ONE_HUNDRED / estimated,
    };
    let mut percent = percent.round_dp_with_strategy(1, RoundingStrategy::MidpointAwayFromZero);
    percent.rescale(1);
    Variance { grafts, percent: percent.to_string() }
}

/// Everything the end of a treatment is judged by; texts and grafts are what would be stored.
#[derive(Clone, Debug)]
pub struct Closing<'a> {
    /// The days with their states.
    pub days: &'a [(i32, TimelineStatus)],
    /// The four texts, by field.
    pub texts: [(&'static str, Option<&'a str>); 4],
    /// Grafts placed.
    pub actual_grafts: Option<i32>,
    /// Views the final set lacks; `None` when there is no set at all.
    pub missing_views: Option<Vec<String>>,
    /// A clinician leads the case.
    pub has_clinician: bool,
    /// A closure request is open.
    pub closure_open: bool,
    /// An aftercare template was named.
    pub has_template: bool,
}

/// Decides about the end of a treatment; nobody can bypass what is required.
pub fn check(closing: &Closing<'_>) -> AppResult<()> {
    if closing.closure_open {
        return Err(AppError::conflict("closure_pending", "A request to close this case waits for Hairline."));
    }
    let open = days::open_days(closing.days);
    if !open.is_empty() {
        return Err(AppError::conflict("days_not_terminal", "Some treatment days are still open.").with("days", open));
    }
    let mut errors = FieldErrors::new();
    for (field, text) in closing.texts {
        if text.is_none_or(|text| text.trim().is_empty()) {
            errors.add(field, "required", "This is required to end the treatment.");
        }
    }
    match closing.actual_grafts {
        None => errors.add("actual_graft_count", "required", "This is required to end the treatment."),
        Some(count) if !(0..=MAX_GRAFTS).contains(&count) => {
            errors.add("actual_graft_count", "out_of_range", format!("Between 0 and {MAX_GRAFTS}."));
        }
        Some(_) => {}
    }
    errors.check()?;
    match &closing.missing_views {
        None => return Err(media_not_ready(&["front", "top", "left", "right", "back"])),
        Some(missing) if !missing.is_empty() => return Err(media_not_ready(missing)),
        Some(_) => {}
    }
    if !closing.has_clinician {
        return Err(AppError::conflict("clinician_missing", "No clinician leads this case."));
    }
    if !closing.has_template {
        return Err(AppError::invalid("aftercare_template_required", "Choose the aftercare plan of this patient.")
            .on_field("aftercare_template_id"));
    }
    Ok(())
}

fn media_not_ready<T: Serialize>(missing: &[T]) -> AppError {
    AppError::conflict("media_not_ready", "The final photo set is not complete.").with("missing_views", missing)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DONE: [(i32, TimelineStatus); 1] = [(1, TimelineStatus::Finished)];

    fn complete() -> Closing<'static> {
        let text = Some("as written");
        Closing {
            days: &DONE,
            texts: [
                ("conclusion_notes", text),
                ("prescription", text),
                ("advice", text),
                ("medication_instructions", text),
            ],
            actual_grafts: Some(2800),
            missing_views: Some(vec![]),
            has_clinician: true,
            closure_open: false,
            has_template: true,
        }
    }

    #[test]
    fn gs_3_the_result_is_compared_with_the_estimate() {
        assert_eq!(variance(3000, 2800), Variance { grafts: -200, percent: "-6.7".into() });
        assert_eq!(variance(3200, 3350), Variance { grafts: 150, percent: "4.7".into() });
        assert_eq!(variance(2000, 2000), Variance { grafts: 0, percent: "0.0".into() });
        // 0.25 % is half away from zero.
        assert_eq!(variance(2000, 1995).percent, "-0.3");
    }

    #[test]
    fn every_gate_has_its_code() {
        assert!(check(&complete()).is_ok());
        let open = [(1, TimelineStatus::Finished), (3, TimelineStatus::InProgress)];
        let refused = check(&Closing { days: &open, ..complete() }).unwrap_err();
        assert_eq!((&*refused.code, refused.extra.get("days")), ("days_not_terminal", Some(&serde_json::json!([3]))));
        let codes = [
            (Closing { missing_views: Some(vec!["back".into()]), ..complete() }, "media_not_ready"),
            (Closing { missing_views: None, ..complete() }, "media_not_ready"),
            (Closing { has_clinician: false, ..complete() }, "clinician_missing"),
            (Closing { closure_open: true, ..complete() }, "closure_pending"),
            (Closing { has_template: false, ..complete() }, "aftercare_template_required"),
            (Closing { actual_grafts: Some(10_001), ..complete() }, "validation_failed"),
            (Closing { actual_grafts: Some(-1), ..complete() }, "validation_failed"),
        ];
        for (closing, code) in codes {
            assert_eq!(check(&closing).unwrap_err().code, code);
        }
    }

    #[test]
    fn all_missing_fields_are_named_at_once() {
        let texts = complete().texts.map(|(field, _)| (field, Some("  ")));
        let refused = check(&Closing { texts, actual_grafts: None, ..complete() }).unwrap_err();
        assert_eq!(refused.fields.0.len(), 5);
    }
}
