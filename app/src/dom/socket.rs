//! The tab's one websocket.

use std::cell::RefCell;

use leptos::prelude::window;
use thunderline::domain::feed::SUBPROTOCOL;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{Event, MessageEvent, WebSocket};

thread_local! {
    static SOCKET: RefCell<Option<Socket>> = const { RefCell::new(None) };
}

/// What a socket says.
pub enum Heard {
    /// It is open.
    Open,
    /// A text frame.
    Text(String),
    /// It is closed, or never opened.
    Closed,
}

struct Socket {
    socket: WebSocket,
    _closures: [Closure<dyn FnMut(Event)>; 3],
}

impl Drop for Socket {
    fn drop(&mut self) {
        // What a socket that was given up still says concerns nobody.
        self.socket.set_onopen(None);
        self.socket.set_onmessage(None);
        self.socket.set_onclose(None);
        let _ = self.socket.close();
    }
}

/// Opens the feed in place of whatever was open.
pub fn open(heard: impl Fn(Heard) + Clone + 'static) {
    let location = window().location();
    let secure = location.protocol().is_ok_and(|protocol| protocol == "https:");
    let scheme = if secure { "wss://" } else { "ws://" };
    let address = [scheme, &location.host().unwrap_or_default(), "/feed"].concat();
    let Ok(socket) = WebSocket::new_with_str(&address, SUBPROTOCOL) else {
        heard(Heard::Closed);
        return;
    };
    let on_open = closure({
        let heard = heard.clone();
        move |_| heard(Heard::Open)
    });
    let on_text = closure({
        let heard = heard.clone();
        move |event| {
            let text = event.dyn_into::<MessageEvent>().ok().and_then(|event| event.data().as_string());
            if let Some(text) = text {
                heard(Heard::Text(text));
            }
        }
    });
    let on_close = closure(move |_| {
        // Later, when this closure no longer runs: forgetting the socket drops it.
        let heard = heard.clone();
        leptos::task::spawn_local(async move { heard(Heard::Closed) });
    });
    socket.set_onopen(Some(on_open.as_ref().unchecked_ref()));
    socket.set_onmessage(Some(on_text.as_ref().unchecked_ref()));
    socket.set_onclose(Some(on_close.as_ref().unchecked_ref()));
    let socket = Socket { socket, _closures: [on_open, on_text, on_close] };
    SOCKET.with_borrow_mut(|place| place.replace(socket));
}

fn closure(heard: impl FnMut(Event) + 'static) -> Closure<dyn FnMut(Event)> {
    Closure::new(heard)
}

/// Whether a socket is there, open or opening.
pub fn is_there() -> bool {
    SOCKET.with_borrow(Option::is_some)
}

/// Says a text, if the socket is open.
pub fn say(text: &str) {
    SOCKET.with_borrow(|socket| {
        if let Some(socket) = socket.as_ref().filter(|s| s.socket.ready_state() == WebSocket::OPEN) {
            let _ = socket.socket.send_with_str(text);
        }
    });
}

/// Gives the socket up.
pub fn close() {
    let socket = SOCKET.with_borrow_mut(Option::take);
    drop(socket);
}
