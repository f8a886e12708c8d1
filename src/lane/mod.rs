//! Floor 6: what each lane does with an event.

pub mod general;
pub mod realtime;
pub mod sealer;
