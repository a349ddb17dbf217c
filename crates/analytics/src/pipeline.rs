//! The stages of a case, as everybody draws them.

use inquiry::entity::inquiries::InquiryStatus;
use serde::{Deserialize, Serialize};

/// How far a case is with one stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StageState {
    /// Behind it.
    Done,
    /// Here.
    Now,
    /// Before it.
    Ahead,
    /// It ended here.
    Ended,
}

/// One stage of the pipeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Stage {
    /// The stage's word, as in `inquiries.status`.
    pub stage: InquiryStatus,
    /// How far the case is with it.
    pub state: StageState,
}

const ORDER: [InquiryStatus; 7] = [
    InquiryStatus::Inquiry,
    InquiryStatus::Quote,
    InquiryStatus::Accepted,
    InquiryStatus::Confirmed,
    InquiryStatus::Inprogress,
    InquiryStatus::Aftercare,
    InquiryStatus::Completed,
];

/// The pipeline of a case in this stage. A case that was cancelled or expired shows that as its last stage.
pub fn pipeline(status: InquiryStatus) -> Vec<Stage> {
    let Some(here) = ORDER.iter().position(|stage| *stage == status) else {
        let first = Stage { stage: InquiryStatus::Inquiry, state: StageState::Done };
        return vec![first, Stage { stage: status, state: StageState::Ended }];
    };
    let state = |position: usize| match position.cmp(&here) {
        std::cmp::Ordering::Less => StageState::Done,
        // The last stage has nothing ahead: it is done when it is reached.
        std::cmp::Ordering::Equal if status == InquiryStatus::Completed => StageState::Done,
        std::cmp::Ordering::Equal => StageState::Now,
        std::cmp::Ordering::Greater => StageState::Ahead,
    };
    ORDER.iter().enumerate().map(|(position, stage)| Stage { stage: *stage, state: state(position) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_stands_in_one_stage() {
        let stages = pipeline(InquiryStatus::Confirmed);
        let states: Vec<StageState> = stages.iter().map(|stage| stage.state).collect();
        use StageState::{Ahead, Done, Now};
        assert_eq!(states, [Done, Done, Done, Now, Ahead, Ahead, Ahead]);
        assert!(pipeline(InquiryStatus::Completed).iter().all(|stage| stage.state == Done));
    }

    #[test]
    fn a_cancelled_case_ends_there() {
        let stages = pipeline(InquiryStatus::Cancelled);
        assert_eq!(
            stages.last().map(|stage| (stage.stage, stage.state)),
            Some((InquiryStatus::Cancelled, StageState::Ended))
        );
    }
}
