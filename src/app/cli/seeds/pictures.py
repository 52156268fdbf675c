"""Pictures for people who do not exist, and a photo that nobody took. The same bytes each time."""

from io import BytesIO

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from app.cli.seeds.community import Someone

SIZE = 1024
"""Drawn larger than it is kept, so that its edges are smooth."""
PORTRAIT_PIXELS = 256
WIDTH, HEIGHT = 1200, 800
DUSK, GLOW, LAKE, SUN = (52, 74, 120), (250, 190, 130), (38, 62, 92), (255, 228, 170)
HILLS = ((70, 86, 118), (46, 66, 96), (28, 46, 72))


def portrait(of: Someone) -> bytes:
    """Head and shoulders, as PNG."""
    image = Image.new("RGB", (SIZE, SIZE), of.background)
    draw = ImageDraw.Draw(image)
    if of.long_hair:
        draw.rounded_rectangle((262, 250, 762, 820), radius=230, fill=of.hair)
    draw.ellipse((130, 740, 894, 1500), fill=of.clothes)
    draw.rounded_rectangle((432, 600, 592, 850), radius=76, fill=of.skin)
    draw.ellipse((322, 240, 702, 720), fill=of.skin)
    draw.chord((296, 190, 728, 640), 180, 360, fill=of.hair)
    draw.ellipse((322, 330, 702, 560), fill=of.skin)
    for x in (432, 592):
        draw.ellipse((x - 24, 462, x + 24, 510), fill="#2b2320")
    draw.arc((432, 520, 592, 640), 25, 155, fill="#8c3b32", width=18)
    return as_png(image.resize((PORTRAIT_PIXELS, PORTRAIT_PIXELS), Image.Resampling.LANCZOS))


def lake() -> bytes:
    """A lake between hills, late in the evening, as PNG."""
    image = sky()
    draw = ImageDraw.Draw(image)
    draw.ellipse((760, 300, 880, 420), fill=SUN)
    for n, colour in enumerate(HILLS):
        base = 430 + 40 * n
        draw.polygon([(0, HEIGHT), *ridge(n, base), (WIDTH, HEIGHT)], fill=colour)
    mirrored = image.crop((0, 240, WIDTH, 520)).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    water = ImageChops.blend(mirrored, Image.new("RGB", mirrored.size, LAKE), 0.45).filter(ImageFilter.GaussianBlur(3))
    image.paste(water, (0, 520))
    return as_png(image)


def sky() -> Image.Image:
    image = Image.new("RGB", (1, HEIGHT))
    for y in range(HEIGHT):
        share = min(1.0, y / 480)
        shade = [round(dusk + (glow - dusk) * share) for dusk, glow in zip(DUSK, GLOW, strict=True)]
        image.putpixel((0, y), (shade[0], shade[1], shade[2]))
    return image.resize((WIDTH, HEIGHT))


def ridge(n: int, base: int) -> list[tuple[int, int]]:
    """A line of hills, from left to right: the steps are of no meaning."""
    steps = ((0, 30), (150, -60), (310, 10), (470, -110), (640, -20), (800, -70), (960, 20), (1100, -50), (1200, 0))
    return sorted(((x + 90 * n) % (WIDTH + 1) if 0 < x < WIDTH else x, base + y // (n + 1)) for x, y in steps)


def as_png(image: Image.Image) -> bytes:
    written = BytesIO()
    image.save(written, "PNG", optimize=True)
    return written.getvalue()
