//! Reading more of a conversation, or all of it afresh.

use leptos::{prelude::*, task::spawn_local};
use thunderline::{
    domain::query::{Page, Span, ThreadView},
    view::{Change, Timeline},
};

use super::Transcript;
use crate::{
    api::{Fault, message::list_messages, thread::read_thread},
    dom::scroll,
};

/// What was read of a conversation.
enum Read {
    Channel(Page),
    Thread(Box<ThreadView>),
}

impl Read {
    /// The topic's latest event then.
    const fn cursor(&self) -> i64 {
        match self {
            Self::Channel(page) => page.cursor,
            Self::Thread(view) => view.page.cursor,
        }
    }

    fn page(self) -> Page {
        match self {
            Self::Channel(page) => page,
            Self::Thread(view) => view.page,
        }
    }

    /// Puts it in place of what a timeline shows.
    fn refresh(self, timeline: &mut Timeline) -> Change {
        match self {
            Self::Channel(page) => timeline.refresh(page),
            Self::Thread(view) => timeline.refresh_thread(*view),
        }
    }
}

impl Transcript {
    /// What to read afresh so that the reader stays where they are; `None` at the end.
    pub(super) fn span_in_view(&self) -> Option<Span> {
        let scroller = self.scroller.get_untracked()?;
        if self.is_present() && scroll::is_at_end(&scroller) {
            return None;
        }
        let id = scroll::first_id(&scroller)?.split_once('-')?.1.parse().ok()?;
        let position =
            self.message(id).and_then(|message| self.timeline.with_value(|timeline| timeline.at(&message)))?;
        Some(Span::After { position: position - 1 })
    }

    /// Reads what is in view afresh; answers the topic's latest event then.
    pub(in crate::state) async fn reread(self) -> Result<i64, Fault> {
        let read = self.read(self.span_in_view().unwrap_or(Span::Latest)).await?;
        let cursor = read.cursor();
        if self.is_alive() {
            self.change(|timeline| read.refresh(timeline));
        }
        Ok(cursor)
    }

    async fn read(self, span: Span) -> Result<Read, Fault> {
        Ok(match self.thread {
            None => Read::Channel(list_messages(self.channel, span).await?),
            Some(thread) => Read::Thread(Box::new(read_thread(thread, span).await?)),
        })
    }

    /// Loads a page beside the window, one at a time.
    pub fn load(&self, span: Span) {
        if self.course.try_update_value(|course| std::mem::replace(&mut course.loading, true)) != Some(false) {
            return;
        }
        let this = *self;
        spawn_local(async move {
            let read = this.read(span).await;
            if !this.is_alive() {
                return;
            }
            if let Ok(read) = read {
                let cursor = read.cursor();
                this.change(|timeline| match span {
                    Span::Before { .. } => timeline.prepend(read.page()),
                    Span::After { .. } => timeline.append(read.page()),
                    Span::Latest | Span::Around { .. } => read.refresh(timeline),
                });
                this.replay(cursor);
                this.lay();
                this.course.update_value(|course| course.loading = false);
                // A short page may leave the edge in view.
                request_animation_frame(move || {
                    if this.is_alive() {
                        this.scrolled();
                    }
                });
            } else {
                // The link stays; scrolling asks again, but not at once.
                set_timeout(
                    move || {
                        this.course.try_update_value(|course| course.loading = false);
                    },
                    std::time::Duration::from_secs(2),
                );
            }
        });
    }

    /// Goes to the newest message, reading it first when the reader is in the past.
    pub fn to_present(self) {
        if self.is_present() {
            self.to_end();
            return;
        }
        let this = self;
        spawn_local(async move {
            if let Ok(read) = this.read(Span::Latest).await
                && this.is_alive()
            {
                let cursor = read.cursor();
                this.to_end();
                this.change(|timeline| read.refresh(timeline));
                this.replay(cursor);
                this.lay();
                request_animation_frame(move || this.to_end());
            }
        });
    }
}
