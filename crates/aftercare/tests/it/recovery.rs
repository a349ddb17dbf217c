//! A treated patient with a plan: the booking of the treatment wing, completed on a chosen day.

use kernel::ids::{AfterCareId, AftercareMilestoneTemplateId, AftercareQuestionnaireId, UserId};
use platform::jobs::Registry;
use testkit::TestApp;

use crate::support::{Booking, paid};

/// A recovery and everybody around it.
pub struct Recovery {
    pub booking: Booking,
    pub case: AfterCareId,
    pub template: AftercareMilestoneTemplateId,
    pub pain: AftercareQuestionnaireId,
}

pub fn registry() -> Registry {
    Registry { subscriptions: aftercare::subscriptions(), kinds: Vec::new(), schedules: aftercare::schedules() }
}

/// Treated and completed on 2026-06-12 in Istanbul, so that day 1 is 2026-06-13.
pub async fn treated(t: &TestApp) -> (Booking, AftercareMilestoneTemplateId) {
    let booking = paid(t).await;
    let template = aftercare::seed::template(&t.app).await.unwrap();
    t.at("2026-06-10T06:05:00Z");
    treatment::seed::check_in(&t.app, &booking.owner, booking.quote).await.unwrap();
    t.at("2026-06-12T12:00:00Z");
    let views = [1, 2, 3, 4, 5].map(|seed| testkit::jpeg(640, 640, seed));
    treatment::seed::document(&t.app, &booking.owner, booking.quote, views, 2900).await.unwrap();
    treatment::seed::complete(&t.app, &booking.owner, booking.quote, template).await.unwrap();
    (booking, template)
}

/// The same with its plan made.
pub async fn recovering(t: &TestApp) -> Recovery {
    let (booking, template) = treated(t).await;
    t.run_jobs(&registry()).await;
    let case = aftercare::seed::case_of(&t.app, booking.quote).await.unwrap();
    let pain = aftercare::seed::questionnaire(&t.app, aftercare::catalogue::PAIN).await.unwrap();
    Recovery { booking, case, template, pain }
}

impl Recovery {
    pub fn path(&self, rest: &str) -> String {
        format!("/aftercare-cases/{}{rest}", self.case)
    }

    pub fn pain_path(&self) -> String {
        self.path(&format!("/questionnaires/{}/responses", self.pain))
    }

    pub fn admin(&self) -> UserId {
        self.booking.admin
    }
}

/// All views of a set.
pub const SET: [&str; 4] = ["front", "top", "sides", "back"];
