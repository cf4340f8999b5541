<?php
/** The template in place of the theme's. */
defined( 'ABSPATH' ) || exit;

echo plenum_thread( get_post() ); // phpcs:ignore WordPress.Security.EscapeOutput -- each part is escaped where it is made.
