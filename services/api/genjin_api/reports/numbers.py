"""How reports write numbers, and when one rests on too little."""

from decimal import ROUND_HALF_EVEN, Decimal

CENT = Decimal("0.01")
FEW = 5  # fewer cases than this are marked as few
_PLACES = Decimal("0.0001")
_Z = Decimal("1.959964")  # of a normal distribution, 95 % lie so many deviations around the mean


def money(amount: Decimal) -> str:
    return str(amount.quantize(CENT, ROUND_HALF_EVEN))


def ratio(part: int | Decimal, whole: int | Decimal) -> str | None:
    """With four places, rounded half to even; null where there is nothing to divide by."""
    if not whole:
        return None
    return str((Decimal(part) / Decimal(whole)).quantize(_PLACES, ROUND_HALF_EVEN))


def interval(part: int, whole: int) -> tuple[str, str] | None:
    """Wilson's 95 % interval of a share: where the true one lies, for all that so few cases can tell."""
    if not whole:
        return None
    share, n, square = Decimal(part) / whole, Decimal(whole), _Z * _Z
    middle = share + square / (2 * n)
    spread = _Z * ((share * (1 - share) + square / (4 * n)) / n).sqrt()
    low, high = ((middle + side) / (1 + square / n) for side in (-spread, spread))
    bounds = max(low, Decimal(0)), min(high, Decimal(1))
    return (
        str(bounds[0].quantize(_PLACES, ROUND_HALF_EVEN)),
        str(bounds[1].quantize(_PLACES, ROUND_HALF_EVEN)),
    )
