//! The camera's picture, on while it is shown and off as soon as it is not.

use super::header::use_language;
use crate::services::camera::{self, Camera};
use crate::state::CameraFault;
use crate::text::ReceiptText as Text;
use std::cell::Cell;
use std::rc::Rc;
use web_sys::HtmlVideoElement;
use yew::prelude::*;

#[derive(Clone, PartialEq, Properties)]
pub struct ScannerProps {
    /// Called with the text of the first QR code that comes into view.
    pub found: Callback<String>,
    pub failed: Callback<CameraFault>,
}

/// Opens the camera and looks for a QR code.
#[component]
pub fn Scanner(props: &ScannerProps) -> Html {
    let language = use_language();
    let video = use_node_ref();
    {
        let (video, props) = (video.clone(), props.clone());
        use_effect_with((), move |()| {
            let on = Rc::new(Cell::new(true));
            yew::platform::spawn_local(scan(video, props, on.clone()));
            move || on.set(false)
        });
    }
    html! {
        <div class="stack">
            <div class="camera"><video ref={video} playsinline=true muted=true data-testid="camera" /></div>
            <p class="small quiet" role="status">{ language.say(Text::CameraAim) }</p>
        </div>
    }
}

async fn scan(video: NodeRef, props: ScannerProps, on: Rc<Cell<bool>>) {
    let camera = match Camera::open().await {
        Ok(camera) => camera,
        Err(fault) => return props.failed.emit(fault),
    };
    let Some(video) = video.cast::<HtmlVideoElement>() else {
        return;
    };
    camera.show_in(&video);
    let found = camera::scan(video, || on.get()).await;
    drop(camera);
    if let Some(text) = found {
        props.found.emit(text);
    }
}
