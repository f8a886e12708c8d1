//! How much is said in a channel (C10).

use super::{Asking, Outcome, Query, channel::ChannelScope};
use crate::{
    domain::{
        Action,
        channel::{ACTIVITY_DAYS, Activity},
        query::ReadActivity,
    },
    store::activity,
};

impl Query for ReadActivity {
    type Scope = ChannelScope;
    type Output = Activity;

    fn action(&self) -> Action {
        Action::ReadChannel
    }

    async fn scope(&self, asking: &mut Asking<'_, '_>) -> Outcome<ChannelScope> {
        ChannelScope::load(asking.conn, asking.actor, self.channel).await
    }

    async fn answer(self, asking: &mut Asking<'_, '_>, _: ChannelScope) -> Outcome<Activity> {
        Ok(activity::since(asking.conn, self.channel, asking.now.day() + 1 - ACTIVITY_DAYS).await?)
    }
}
