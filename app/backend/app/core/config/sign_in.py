"""How people prove who they are."""

from pydantic import EmailStr, Field, SecretStr

from app.core.config.section import Section


class SignInSettings(Section):
    """Passwords, how often they may be wrong, and the demo user's."""

    argon2_time_cost: int = Field(default=3, ge=1)
    """Passes over the memory when hashing a password."""
    argon2_memory_kib: int = Field(default=65_536, ge=8)
    """Memory for hashing a password."""
    argon2_parallelism: int = Field(default=4, ge=1)
    """Lanes for hashing a password."""

    login_max_failures: int = Field(default=5, ge=1)
    """Failed sign-ins for one account from one address until both are locked for each other."""
    login_lock_seconds: int = Field(default=60, ge=1)
    """The length of the first lock; each further failure doubles it."""
    login_lock_max_seconds: int = Field(default=900, ge=1)
    """The length of the longest lock."""
    login_max_failures_per_account: int = Field(default=50, ge=1)
    """Failed sign-ins for one account in one window, from anywhere."""
    login_max_failures_per_address: int = Field(default=100, ge=1)
    """Failed sign-ins and registrations from one address in one window."""
    login_window_minutes: int = Field(default=60, ge=1)
    """The length of the window."""

    demo_email: EmailStr = "demo@example.com"
    """The demo user that is seeded in development."""
    demo_password: SecretStr = Field(default=SecretStr("demo-password"), min_length=8)
    """The demo user's password."""
