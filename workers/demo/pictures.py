"""Pictures for the sample newspaper, drawn when they are asked for: a scene and a number always give the same one."""

import io
import random
from collections.abc import Callable

from PIL import Image, ImageDraw, ImageFilter

WIDTH, HEIGHT, HORIZON = 1200, 630, 400
Colour = tuple[int, int, int]
SKIES: dict[str, list[tuple[Colour, Colour]]] = {
    "day": [((120, 178, 222), (238, 232, 214)), ((150, 190, 205), (250, 226, 196)), ((98, 160, 214), (226, 238, 240))],
    "dusk": [((58, 66, 120), (244, 170, 120)), ((84, 70, 130), (250, 196, 140))],
    "night": [((10, 16, 44), (52, 66, 116)), ((14, 14, 38), (70, 60, 110))],
    "snow": [((176, 190, 208), (240, 240, 244)), ((150, 172, 200), (236, 226, 224))],
}
WALLS = [
    (214, 118, 92),
    (232, 190, 128),
    (120, 150, 166),
    (240, 226, 200),
    (164, 92, 84),
    (148, 170, 138),
    (92, 110, 140),
]


def blend(one: Colour, other: Colour, share: float) -> Colour:
    """A colour between two."""
    return tuple(round(a + (b - a) * share) for a, b in zip(one, other, strict=True))  # type: ignore[return-value]


def sky(top: Colour, bottom: Colour) -> Image.Image:
    """A gradient from top to bottom."""
    mask = Image.linear_gradient("L").resize((WIDTH, HEIGHT))
    return Image.composite(Image.new("RGB", mask.size, bottom), Image.new("RGB", mask.size, top), mask)


def hills(pen: ImageDraw.ImageDraw, dice: random.Random, colour: Colour, base: int, height: int) -> None:
    """A soft ridge from side to side."""
    points, level = [(0, HEIGHT)], base - dice.random() * height
    for x in range(0, WIDTH + 100, 100):
        level = 0.55 * level + 0.45 * (base - dice.random() * height)
        points.append((x, round(level)))
    pen.polygon([*points, (WIDTH, HEIGHT)], fill=colour)


def houses(pen: ImageDraw.ImageDraw, dice: random.Random, base: int, lit: bool) -> None:
    """A row of gabled fronts with windows."""
    x = -dice.randrange(40)
    while x < WIDTH:
        wide, high = dice.randrange(80, 150), dice.randrange(110, 230)
        colour = blend(dice.choice(WALLS), (24, 26, 52), 0.7 if lit else 0.0)
        pen.rectangle((x, base - high, x + wide, base), fill=colour)
        roof = blend(colour, (60, 40, 40), 0.55)
        pen.polygon(
            [(x - 6, base - high), (x + wide // 2, base - high - wide // 2), (x + wide + 6, base - high)], fill=roof
        )
        windows(pen, dice, (x, base - high, wide, high), lit)
        x += wide + dice.choice((0, 0, 6))


def windows(pen: ImageDraw.ImageDraw, dice: random.Random, front: tuple[int, int, int, int], lit: bool) -> None:
    left, top, wide, high = front
    for x in range(left + 16, left + wide - 24, 34):
        for y in range(top + 18, top + high - 40, 46):
            glow = (255, 214, 130) if lit and dice.random() < 0.5 else (70, 84, 104) if not lit else (36, 40, 66)
            pen.rectangle((x, y, x + 16, y + 24), fill=glow, outline=(245, 240, 228) if not lit else None)


def water(pen: ImageDraw.ImageDraw, dice: random.Random, top: int, colour: Colour) -> None:
    """A surface with glints."""
    pen.rectangle((0, top, WIDTH, HEIGHT), fill=colour)
    for _ in range(140):
        x, y = dice.randrange(WIDTH), dice.randrange(top + 6, HEIGHT)
        long = (y - top) // 4 + 8
        pen.line((x, y, x + long, y), fill=blend(colour, (255, 250, 235), 0.15 + dice.random() * 0.3), width=2)


def boat(pen: ImageDraw.ImageDraw, dice: random.Random, x: int, y: int, size: int) -> None:
    pen.polygon(
        [(x, y), (x + 4 * size, y), (x + round(3.3 * size), y + size), (x + size, y + size)], fill=dice.choice(WALLS)
    )
    pen.line((x + 2 * size, y, x + 2 * size, y - 5 * size), fill=(60, 48, 40), width=max(3, size // 8))
    sail = [(x + 2 * size + 4, y - 5 * size), (x + 2 * size + 4, y - size // 2), (x + 4 * size, y - size // 2)]
    pen.polygon(sail, fill=(250, 244, 230))


def tree(pen: ImageDraw.ImageDraw, dice: random.Random, x: int, y: int, size: int, crown: Colour) -> None:
    pen.rectangle((x - size // 10, y - size, x + size // 10, y), fill=(92, 70, 52))
    for _ in range(9):
        dx, dy, r = (
            dice.randrange(-size // 2, size // 2),
            dice.randrange(-size // 2, size // 3),
            dice.randrange(size // 3, size // 2),
        )
        shade = blend(crown, (255, 255, 220), dice.random() * 0.2)
        pen.ellipse((x + dx - r, y - size + dy - r, x + dx + r, y - size + dy + r), fill=shade)


def harbour(pen: ImageDraw.ImageDraw, dice: random.Random) -> None:
    hills(pen, dice, (120, 142, 140), HORIZON - 40, 120)
    houses(pen, dice, HORIZON, lit=False)
    water(pen, dice, HORIZON, (64, 112, 138))
    for _ in range(4):
        boat(
            pen,
            dice,
            dice.randrange(60, WIDTH - 260),
            dice.randrange(HORIZON + 20, HEIGHT - 90),
            dice.randrange(18, 46),
        )


def street(pen: ImageDraw.ImageDraw, dice: random.Random) -> None:
    hills(pen, dice, (140, 160, 140), HORIZON - 60, 100)
    houses(pen, dice, HORIZON + 90, lit=False)
    pen.rectangle((0, HORIZON + 90, WIDTH, HEIGHT), fill=(176, 168, 158))
    for x in range(40, WIDTH, 170):
        tree(pen, dice, x, HORIZON + 120, 70, (104, 144, 92))


def land(pen: ImageDraw.ImageDraw, dice: random.Random) -> None:
    for step, base in enumerate((330, 400, 470)):
        hills(pen, dice, blend((136, 166, 168), (86, 128, 84), step / 2), base, 130)
    for _ in range(14):
        tree(pen, dice, dice.randrange(WIDTH), dice.randrange(480, 620), dice.randrange(30, 70), (70, 112, 72))


def market(pen: ImageDraw.ImageDraw, dice: random.Random) -> None:
    street(pen, dice)
    for x in range(60, WIDTH - 160, 230):
        colour = dice.choice(WALLS)
        for stripe in range(6):
            fill = colour if stripe % 2 else (250, 246, 236)
            pen.rectangle((x + stripe * 30, 430, x + stripe * 30 + 30, 470), fill=fill)
        pen.rectangle((x, 520, x + 180, 580), fill=(150, 110, 76))
        for _ in range(26):
            cx, cy = x + dice.randrange(10, 170), 514 + dice.randrange(-10, 8)
            pen.ellipse((cx - 9, cy - 9, cx + 9, cy + 9), fill=dice.choice(WALLS))


def river(pen: ImageDraw.ImageDraw, dice: random.Random) -> None:
    hills(pen, dice, (120, 154, 130), HORIZON - 30, 140)
    water(pen, dice, HORIZON - 10, (92, 140, 150))
    pen.arc((260, 300, 940, 620), 180, 360, fill=(126, 116, 108), width=34)
    pen.rectangle((0, 296, WIDTH, 326), fill=(142, 130, 120))
    for x in (90, 210, 1010, 1130):
        tree(pen, dice, x, 440, 90, (92, 136, 84))


def night(pen: ImageDraw.ImageDraw, dice: random.Random) -> None:
    for _ in range(260):
        x, y, r = dice.randrange(WIDTH), dice.randrange(HORIZON), dice.choice((1, 1, 1, 2))
        pen.ellipse((x - r, y - r, x + r, y + r), fill=(255, 250, 230))
    x = dice.randrange(160, WIDTH - 160)
    pen.ellipse((x - 44, 70, x + 44, 158), fill=(250, 240, 214))
    hills(pen, dice, (26, 32, 58), HORIZON, 140)
    houses(pen, dice, HEIGHT, lit=True)


def garden(pen: ImageDraw.ImageDraw, dice: random.Random) -> None:
    hills(pen, dice, (150, 178, 140), HORIZON, 100)
    pen.rectangle((0, HORIZON + 30, WIDTH, HEIGHT), fill=(116, 156, 92))
    for _ in range(5):
        tree(pen, dice, dice.randrange(WIDTH), HORIZON + 60, dice.randrange(80, 150), (96, 140, 84))
    for _ in range(220):
        x, y = dice.randrange(WIDTH), dice.randrange(HORIZON + 60, HEIGHT)
        pen.ellipse((x - 8, y - 8, x + 8, y + 8), fill=dice.choice([*WALLS, (250, 214, 90), (236, 120, 150)]))


def hall(pen: ImageDraw.ImageDraw, dice: random.Random) -> None:
    hills(pen, dice, (140, 160, 150), HORIZON, 100)
    colour = dice.choice(WALLS)
    pen.rectangle((220, 250, 980, 560), fill=colour)
    pen.polygon([(190, 250), (600, 110), (1010, 250)], fill=blend(colour, (70, 50, 50), 0.5))
    for x in range(280, 940, 110):
        pen.rectangle((x, 310, x + 46, 560), fill=(246, 238, 222))
    pen.ellipse((570, 165, 630, 225), fill=(250, 244, 226), outline=(80, 70, 60), width=5)
    pen.rectangle((0, 560, WIDTH, HEIGHT), fill=(182, 174, 160))


def snow(pen: ImageDraw.ImageDraw, dice: random.Random) -> None:
    hills(pen, dice, (206, 216, 226), HORIZON - 20, 150)
    houses(pen, dice, HORIZON + 80, lit=False)
    pen.rectangle((0, HORIZON + 80, WIDTH, HEIGHT), fill=(244, 246, 250))
    for _ in range(420):
        x, y, r = dice.randrange(WIDTH), dice.randrange(HEIGHT), dice.choice((2, 3, 4))
        pen.ellipse((x - r, y - r, x + r, y + r), fill=(255, 255, 255))


def field(pen: ImageDraw.ImageDraw, dice: random.Random) -> None:
    hills(pen, dice, (138, 164, 140), HORIZON - 40, 120)
    pen.rectangle((0, HORIZON, WIDTH, HEIGHT), fill=(206, 180, 96))
    for x in range(-600, WIDTH + 600, 60):
        pen.line((WIDTH // 2 + (x - WIDTH // 2) // 5, HORIZON, x, HEIGHT), fill=(176, 148, 70), width=5)
    for _ in range(9):
        x, y = dice.randrange(WIDTH), dice.randrange(HORIZON + 30, HEIGHT - 40)
        pen.ellipse((x, y, x + 46, y + 28), fill=(250, 248, 240))
        pen.ellipse((x + 36, y - 6, x + 54, y + 12), fill=(60, 56, 52))


SCENES: dict[str, tuple[str, Callable[[ImageDraw.ImageDraw, random.Random], None]]] = {
    "harbour": ("day", harbour), "street": ("day", street), "hills": ("dusk", land), "market": ("day", market),
    "river": ("dusk", river), "night": ("night", night), "garden": ("day", garden), "hall": ("dusk", hall),
    "snow": ("snow", snow), "field": ("day", field),
}  # fmt: skip


def draw(scene: str, number: int) -> bytes:
    """A JPEG of 1200 × 630 pixels."""
    light, paint = SCENES[scene]
    dice = random.Random(number)
    picture = sky(*dice.choice(SKIES[light]))
    paint(ImageDraw.Draw(picture), dice)
    out = io.BytesIO()
    picture.filter(ImageFilter.SMOOTH).save(out, "JPEG", quality=86)
    return out.getvalue()
