<?php
/**
 * Plugin Name: Plenum
 * Description: Moderated comments by Plenum in place of WordPress' own.
 * Version: 1.0.0
 * Requires at least: 5.9
 * Requires PHP: 7.4
 * License: Apache-2.0
 * License URI: https://www.apache.org/licenses/LICENSE-2.0
 *
 * The licence is Plenum's own, and goes together with the GNU General Public License, version 3.
 */

defined( 'ABSPATH' ) || exit;

require __DIR__ . '/words.php';
require __DIR__ . '/article.php';
require __DIR__ . '/fragment.php';
if ( is_admin() ) {
	require __DIR__ . '/settings.php';
}

/** What is set, each as text; without an address and a site nothing of this plugin shows. */
function plenum_settings() {
	$names = array( 'address', 'site', 'key', 'locale', 'accent', 'font', 'radius', 'scheme' );
	return array_merge( array_fill_keys( $names, '' ), (array) get_option( 'plenum', array() ) );
}

function plenum_ready() {
	$set = plenum_settings();
	return '' !== $set['address'] && '' !== $set['site'];
}

/** The address of a page or call of the site's. */
function plenum_url( $path, array $query ) {
	$set = plenum_settings();
	return $set['address'] . '/' . rawurlencode( $set['site'] ) . $path . '?' . http_build_query( $query, '', '&', PHP_QUERY_RFC3986 );
}

/** The thread: the element, and in it what is read where scripts do not run. */
function plenum_thread( $post ) {
	$set        = plenum_settings();
	$article    = plenum_article( $post );
	$attributes = $article + array( 'site' => $set['site'], 'label' => plenum_word( 'comments' ) );
	foreach ( array( 'locale', 'accent', 'font', 'radius', 'scheme' ) as $name ) {
		$attributes[ $name ] = $set[ $name ];
	}
	$html = '<div id="comments" class="comments-area"><plenum-thread';
	foreach ( array_filter( $attributes, 'strlen' ) as $name => $value ) {
		$html .= ' ' . $name . '="' . esc_attr( $value ) . '"';
	}
	$inside = plenum_fragment( $article['article'] );
	if ( '' === $inside ) {
		$inside = '<a href="' . esc_url( plenum_url( '/thread', array( 'article' => $article['article'] ) ) ) . '">' . esc_html( plenum_word( 'comments' ) ) . '</a>';
	}
	return $html . '>' . $inside . '</plenum-thread></div>';
}

/** Whether the thread stands under the post here. */
function plenum_shows( $post ) {
	return plenum_ready() && $post instanceof WP_Post && 'publish' === $post->post_status && is_singular() && ! is_preview()
		&& post_type_supports( $post->post_type, 'comments' ) && ! post_password_required( $post );
}

// Themes of templates ask for a file, themes of blocks for a block.
add_filter(
	'comments_template',
	function ( $file ) {
		return plenum_shows( get_post() ) ? __DIR__ . '/comments.php' : $file;
	},
	100
);
add_filter(
	'render_block_core/comments',
	function ( $html ) {
		return plenum_shows( get_post() ) ? plenum_thread( get_post() ) : $html;
	},
	100
);

// On lists embed.js fills in the number.
add_filter(
	'comments_number',
	function ( $text ) {
		if ( ! plenum_ready() || is_admin() || is_feed() ) {
			return $text;
		}
		return '<span data-plenum-count="' . esc_attr( plenum_key( get_post() ) ) . '">' . esc_html( plenum_word( 'comments' ) ) . '</span>';
	},
	100
);

add_action(
	'wp_enqueue_scripts',
	function () {
		if ( plenum_ready() ) {
			// phpcs:ignore WordPress.WP.EnqueuedResourceParameters.MissingVersion -- its address is one for ever.
			wp_enqueue_script( 'plenum', plenum_settings()['address'] . '/embed.js', array(), null, true );
		}
	}
);
add_filter(
	'script_loader_tag',
	function ( $tag, $handle ) {
		return 'plenum' === $handle ? str_replace( ' src=', ' async data-site="' . esc_attr( plenum_settings()['site'] ) . '" src=', $tag ) : $tag;
	},
	10,
	2
);

// What is sent to WordPress' own form would be seen by nobody.
add_action(
	'pre_comment_on_post',
	function () {
		if ( plenum_ready() ) {
			wp_die( esc_html( plenum_word( 'elsewhere' ) ), '', array( 'response' => 403, 'back_link' => true ) );
		}
	}
);
