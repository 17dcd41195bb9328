//! Reading a QR code out of a picture: a photo that the visitor chose, or a frame of the camera.

use crate::state::qr_code::{self, Pixels, QrFault};
use gloo::utils::{document, window};
use js_sys::{Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CanvasRenderingContext2d, File, HtmlCanvasElement, HtmlVideoElement, ImageBitmap};

/// Larger pictures are scaled down: a code that fills a tenth of the picture still has several pixels a module.
const LONGEST_SIDE: f64 = 1600.0;

/// The text of the QR code in a picture file.
pub async fn read_file(file: &File) -> Result<String, QrFault> {
    let promise = window()
        .create_image_bitmap_with_blob(file)
        .map_err(|_| QrFault::NotAPicture)?;
    let bitmap: ImageBitmap = JsFuture::from(promise)
        .await
        .map_err(|_| QrFault::NotAPicture)?
        .unchecked_into();
    let canvas = Canvas::of_size(bitmap.width(), bitmap.height())?;
    canvas
        .context
        .draw_image_with_image_bitmap_and_dw_and_dh(&bitmap, 0.0, 0.0, canvas.width, canvas.height)
        .map_err(|_| QrFault::NotAPicture)?;
    qr_code::read(&canvas.pixels()?)
}

/// The text of the QR code in the frame that a video shows now.
pub fn read_frame(video: &HtmlVideoElement) -> Result<String, QrFault> {
    let canvas = Canvas::of_size(video.video_width(), video.video_height())?;
    canvas
        .context
        .draw_image_with_html_video_element_and_dw_and_dh(
            video,
            0.0,
            0.0,
            canvas.width,
            canvas.height,
        )
        .map_err(|_| QrFault::NotAPicture)?;
    qr_code::read(&canvas.pixels()?)
}

struct Canvas {
    context: CanvasRenderingContext2d,
    width: f64,
    height: f64,
}

impl Canvas {
    fn of_size(width: u32, height: u32) -> Result<Self, QrFault> {
        let (width, height) = (f64::from(width), f64::from(height));
        if width < 1.0 || height < 1.0 {
            return Err(QrFault::NotAPicture);
        }
        let scale = (LONGEST_SIDE / width.max(height)).min(1.0);
        let (width, height) = ((width * scale).floor(), (height * scale).floor());
        let canvas: HtmlCanvasElement = document()
            .create_element("canvas")
            .map_err(|_| QrFault::NotAPicture)?
            .unchecked_into();
        canvas.set_width(side(width));
        canvas.set_height(side(height));
        let context = canvas
            .get_context_with_context_options("2d", &read_often())
            .ok()
            .flatten()
            .ok_or(QrFault::NotAPicture)?
            .unchecked_into();
        Ok(Self {
            context,
            width,
            height,
        })
    }

    fn pixels(&self) -> Result<Pixels, QrFault> {
        let data = self
            .context
            .get_image_data(0.0, 0.0, self.width, self.height)
            .map_err(|_| QrFault::NotAPicture)?;
        Ok(Pixels::from_rgba(data.width(), &data.data().0))
    }
}

fn side(length: f64) -> u32 {
    u32::try_from(super::clock::whole(length)).unwrap_or(0)
}

fn read_often() -> JsValue {
    let options = Object::new();
    Reflect::set(&options, &"willReadFrequently".into(), &JsValue::TRUE).ok();
    options.into()
}
